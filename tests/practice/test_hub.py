"""The hub and the channel layer: it is in the groups of the rooms that are open, and in no others."""

import asyncio
from types import SimpleNamespace

import pytest

from practice.live import hub
from practice.live.hub import Hub

PATIENCE = 20.0


class Layer:
    """A channel layer that remembers who is in which group."""

    def __init__(self):
        self.channels, self.groups, self.made = {}, set(), 0

    async def new_channel(self, prefix):
        self.made += 1
        name = f"{prefix}{self.made}"
        self.channels[name] = asyncio.Queue()
        return name

    async def receive(self, channel):
        return await self.channels[channel].get()

    async def group_add(self, group, channel):
        assert channel in self.channels
        self.groups.add((group, channel))

    async def group_discard(self, group, channel):
        self.groups.discard((group, channel))


class Listening:
    """A socket that is told nothing."""

    user_id, session_key, mark = 7, "s", None

    def __init__(self):
        self.rooms, self.heard = [], []

    def push(self, text):
        self.heard.append(text)

    def close(self, code, reason=""):
        """Stay."""


@pytest.fixture
def with_a_socket(monkeypatch):
    """Plays a scene with a hub that has one open socket."""
    layer = Layer()
    monkeypatch.setattr(hub, "get_channel_layer", lambda: layer)

    async def nothing(*_asked):
        return SimpleNamespace(users={}, sessions=set(), heads=[], pairs={})

    monkeypatch.setattr(hub, "database", nothing)

    async def run(scene):
        here, socket = Hub(), Listening()
        here.add(socket)
        here.join(socket, "user", 7)
        async with asyncio.timeout(PATIENCE):
            await until(lambda: layer.groups == {("user.7", "live.1")})
            await scene(here, socket, layer)
        here.remove(socket)

    return lambda scene: asyncio.run(run(scene))


async def until(true):
    while not true():
        await asyncio.sleep(0.01)


def test_last_socket_that_goes_leaves_no_group_behind(with_a_socket):
    """Else Redis goes on telling of topics that nobody listens to, and the layer keeps each for ever."""

    async def scene(here, socket, layer):
        here.remove(socket)
        await until(lambda: layer.groups == set())

    with_a_socket(scene)


def test_who_comes_next_is_listened_for_by_the_new_channel(with_a_socket):
    async def scene(here, socket, layer):
        here.remove(socket)
        here.add(socket)
        here.join(socket, "user", 7)
        await until(lambda: layer.groups == {("user.7", "live.2")})

    with_a_socket(scene)


def test_message_that_is_none_of_ours_makes_nobody_deaf(with_a_socket, monkeypatch):
    """It ends the channel: the next one must know the topics that are open already."""
    monkeypatch.setattr(hub, "RETRY_SECONDS", 0.01)

    async def scene(here, socket, layer):
        layer.channels["live.1"].put_nowait({"type": "doctor"})
        await until(lambda: layer.groups == {("user.7", "live.2")})

    with_a_socket(scene)


def test_loop_ends_although_the_layer_swallows_its_cancellation(with_a_socket):
    async def scene(here, socket, layer):
        caught = asyncio.Event()

        async def discard(_group, _channel):
            caught.set()
            try:
                await asyncio.sleep(PATIENCE)
            except asyncio.CancelledError:
                """As a Redis client does that is just connecting."""

        layer.group_discard = discard
        here.channel = "live.next"
        here.changed.set()
        await caught.wait()
        loops = list(here.tasks)
        here.remove(socket)
        await until(lambda: all(loop.done() for loop in loops))

    with_a_socket(scene)
