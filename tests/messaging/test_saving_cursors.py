"""How far somebody has read is written two seconds later, and again when the database was away."""

import asyncio
from types import SimpleNamespace

import pytest

from messaging import consumers
from messaging.consumers import ConversationSocket
from practice.live.executor import Busy


@pytest.fixture
def saved(monkeypatch):
    """Lets a page say how far it has read while the database is away at first; returns what was written."""
    monkeypatch.setattr(consumers, "READ_SECONDS", 0.0)
    monkeypatch.setattr(consumers, "READ_AGAIN_SECONDS", 0.0)

    def play(scene, *, away):
        tries, written, tell = iter(range(100)), [], asyncio.Event()

        async def database(work, *, seq, **_more):
            if next(tries) < away:
                raise Busy
            written.append(seq)
            tell.set()

        monkeypatch.setattr(consumers, "database", database)

        async def run():
            socket = ConversationSocket({"headers": []}, None, None)
            socket.user, socket.read_wanted, socket.read_done = None, 0, 0
            socket.conversation = SimpleNamespace(pk=1, practice_id=1)
            socket.hub, socket.room = SimpleNamespace(sockets={socket}), SimpleNamespace(tasks=set())
            async with asyncio.timeout(20):
                await scene(socket, tell)

        asyncio.run(run())
        return written

    return play


async def until_saved(tell):
    await tell.wait()
    tell.clear()


def test_cursor_that_could_not_be_saved_is_saved_when_the_database_is_back(saved):
    async def scene(socket, tell):
        socket._note_read(3)
        await until_saved(tell)

    assert saved(scene, away=2) == [3]


def test_what_is_read_after_that_is_saved_as_ever(saved):
    async def scene(socket, tell):
        socket._note_read(3)
        await until_saved(tell)
        socket._note_read(5)
        await until_saved(tell)

    assert saved(scene, away=1) == [3, 5]


def test_socket_that_has_gone_asks_no_more(saved):
    """The next page says how far it has read."""

    async def scene(socket, tell):
        socket.hub.sockets.clear()
        socket.read_wanted = 3
        await socket.closed()
        await asyncio.sleep(0.01)
        assert not socket.room.tasks

    assert saved(scene, away=1) == []
