"""Fault 24: between the channel layer and the sockets 30 % of the hints are dropped, others doubled or moved.

Nine open pages of three conversations, to which another process writes. Six seconds after the last commit the list of
each page equals the table. The short form writes until each has happened to some hint, and may try three times.
"""

import asyncio
import random
import time
from typing import Any
from uuid import UUID

import pytest
from channels.layers import get_channel_layer

from messaging.models import Conversation
from messaging.queries.reading import events_after
from practice.live import hub, limits
from practice.live.executor import database
from tests.faults.told import Told, seed_of, tell
from tests.faults.tries import PATIENCE, TRIES, best_of, in_time
from tests.messaging.devices import Device, Row
from tests.messaging.sockets import Line, say_elsewhere, sign_in
from tests.people import World, make_client, make_world

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]
DROPPED, DOUBLED, HELD_BACK = 0.3, 0.2, 4
REPAIRED = 6.0  # seconds, from the list of faults
MOST = 2000  # messages, after which a hint of each sort must have been among them


class Astray:
    """The channel layer, but for what becomes of what it receives."""

    def __init__(self, chance: random.Random) -> None:
        self.layer, self.chance = get_channel_layer(), chance
        self.held: list[dict[str, Any]] = []
        self.came = self.dropped = self.doubled = self.moved = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    async def receive(self, channel: str) -> dict[str, Any]:
        """Return some message that came, not the next one and not every one; what is held back may never come."""
        while len(self.held) < HELD_BACK:
            message = await self.layer.receive(channel)
            self.came += 1
            if self.chance.random() < DROPPED:
                self.dropped += 1
                continue
            again = self.chance.random() < DOUBLED
            self.doubled += again
            self.held += [message] * (1 + again)
        place = self.chance.randrange(len(self.held))
        self.moved += place > 0
        return self.held.pop(place)

    def did_all(self) -> bool:
        """Return whether some hint was dropped, some doubled and some moved."""
        return min(self.dropped, self.doubled, self.moved) > 0


def table(world: World, conversation: int) -> list[Row]:
    """Return all that stands in the conversation, page by page."""
    found: list[Any] = []
    with world.scope():
        while page := events_after(conversation_id=conversation, after=len(found)):
            found += page
    return [(event.seq, event.author_id, UUID(str(event.uuid)), event.text) for event in found]


def talks_of(world: World) -> dict[int, Any]:
    """Three conversations of Noor's, and the other side of each."""
    clients = [world.client, world.second, make_client(world.practice, "Ray Third", world.therapist)]
    with world.scope():
        return {Conversation.objects.get(client=client).pk: client.user for client in clients}


async def open_pages(world: World, talks: dict[int, Any], sessions: dict[int, str]) -> dict[Device, int]:
    """Open a page of each conversation for the therapist, and two for the client."""
    pages = {}
    for pk, user in talks.items():
        for who in (world.therapist, user, user):
            device = Device(who.name, Line(f"/ws/conversations/{pk}/", sessions[who.pk]))
            assert await device.line.open()
            pages[device] = pk
    return pages


async def all_have(pages: dict[Device, int], tables: dict[int, list[Row]], since: float) -> float:
    """Return how long after that moment every page's list was as long as its table."""
    while any(len(page.rows) < len(tables[pk]) for page, pk in pages.items()):
        assert time.monotonic() - since < PATIENCE, [
            (page.who, page.last, len(tables[pk])) for page, pk in pages.items()
        ]
        for page in pages:
            await page.take()
        await asyncio.sleep(0.02)
    return time.monotonic() - since


@pytest.mark.parametrize(
    ("messages", "tries"), [(40, TRIES), pytest.param(600, 1, marks=pytest.mark.long)], ids=["short", "full"]
)
def test_lists_equal_the_table_whatever_becomes_of_the_hints(request, monkeypatch, messages, tries):
    seed = seed_of(request)
    chance = random.Random(seed)
    world = make_world()
    talks = talks_of(world)
    sessions = {user.pk: sign_in(user) for user in (world.therapist, *talks.values())}
    said = []

    async def write_and_read(astray: Astray) -> tuple[float, dict[Device, int]]:
        pages = await open_pages(world, talks, sessions)
        first = len(said)
        while len(said) - first < messages or not (astray.did_all() or len(said) - first == MOST):
            said.append(f"word {len(said)}")
            pk = chance.choice(list(talks))
            await asyncio.to_thread(say_elsewhere, world, pk, chance.choice([world.therapist, talks[pk]]), said[-1])
            committed = time.monotonic()
            for page in pages:
                await page.take()
        tables = await asyncio.to_thread(lambda: {pk: table(world, pk) for pk in talks})
        took = await all_have(pages, tables, committed)
        for page in pages:
            await page.line.leave()
        return took, pages

    def scene() -> None:
        limits.posts.acts.clear()
        limits.frames.acts.clear()
        astray = Astray(random.Random(chance.random()))
        monkeypatch.setattr(hub, "get_channel_layer", lambda: astray)
        recovery, pages = asyncio.run(write_and_read(astray))
        tables = {pk: table(world, pk) for pk in talks}
        astray_rows = [page for page, pk in pages.items() if page.rows != tables[pk]]
        doubled = sum(len(page.rows) - len(set(page.rows)) for page in pages)
        lost = sum(len(set(tables[pk]) - set(page.rows)) for page, pk in pages.items())
        more = f"{astray.came} hints came, {astray.dropped} dropped, {astray.doubled} doubled, {astray.moved} moved"
        tell(request, Told("24", seed, lost, doubled, len(astray_rows), recovery, more))
        assert (lost, doubled, astray_rows) == (0, 0, [])
        assert sum(len(rows) for rows in tables.values()) == len(said)
        assert astray.did_all()
        in_time(recovery, REPAIRED, "every list equals its table")

    try:
        best_of(tries, scene)
    finally:
        database.close()
