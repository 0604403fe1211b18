"""People who write to each other through whatever happens, doing over a socket what the browser's conversation does.

    with talking(live, seats, seed=7) as crowd:      # a loop in a thread of its own: the test breaks things meanwhile
        crowd.write(rate=20)
        live.kill("web")
        …
        crowd.finish()                               # no more words; until everybody has everything
    found = crowd.outcome(world)

A talker holds `last`, applies only `last + 1`, reads on after a gap, keeps what is not acknowledged and says it again
with the same uuid, and comes back with full jitter (static/js/behaviours/conversation.js, static/js/live/line.js).
"""

import asyncio
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import websockets
from django.conf import settings
from django.db import connection

from clients.models import Client
from messaging.models import Conversation, ConversationEvent
from practice.people.models import Role
from practice.tenancy import every_practice
from tests.factories.crowd import many_clients
from tests.live import Live
from tests.messaging.sockets import sign_in
from tests.people import World, make_staff

GAP, ACK_SECONDS = 0.3, 8.0
ENDED = {4401, 4403, 4404}


@dataclass(frozen=True)
class Seat:
    """One open page: which conversation, whose session, who."""

    conversation: int
    session: str
    user: int


def seats_of(world: World, *, therapists: int, clients_each: int, writers: int = 1) -> list[Seat]:
    """Make so many therapists with so many clients each; a seat for both sides of every conversation."""
    made = []
    for number in range(therapists):
        therapist = make_staff(world.practice, f"T{number} Crowd", Role.THERAPIST, email=f"t{number}@elm.example")
        many_clients(replace(world, therapist=therapist), clients_each)
        hers = sign_in(therapist)
        with world.scope():
            talks = Conversation.objects.filter(client__in=Client.objects.filter(therapist=therapist))
            for pk, user in talks.values_list("pk", "client__user"):
                made.append(Seat(pk, hers, therapist.pk))
                made += [Seat(pk, sign_in(type(therapist).objects.get(pk=user)), user) for _ in range(writers)]
    return made


class Talker:
    """One page that stays open."""

    def __init__(self, seat: Seat, live: Live, chance: random.Random) -> None:
        self.seat, self.live, self.chance = seat, live, chance
        self.last = 0
        self.early: dict[int, str] = {}
        self.heard: list[tuple[int, str]] = []
        self.unsaved: dict[str, str] = {}
        self.written: dict[str, float] = {}
        self.acked: dict[str, float] = {}
        self.numbers: dict[str, int] = {}
        self.delays: list[tuple[float, float]] = []  # when written, how long until "saved"
        self.codes: list[int] = []
        self.errors: list[str] = []
        self.opened_at = 0.0
        self.socket: Any = None
        self.tries = 0
        self.trouble = ""
        self.timers: dict[str, asyncio.TimerHandle] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.greeted = False
        self.head = 0

    async def stay(self) -> None:
        """Be there, and come back when the line goes."""
        while True:
            try:
                await self._once()
            except Exception as trouble:  # whatever it was: as a browser, come again
                self.trouble = repr(trouble)
            if self.codes and self.codes[-1] in ENDED:
                return
            most = min(30.0, 2.0**self.tries)
            self.tries += 1
            await asyncio.sleep(0.5 + self.chance.random() * most)

    async def _once(self) -> None:
        address = f"ws://127.0.0.1:{self.live.port}/ws/conversations/{self.seat.conversation}/"
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.seat.session}"}
        async with websockets.connect(
            address, origin=self.live.url, additional_headers=headers, compression=None,
            open_timeout=20, close_timeout=1, ping_interval=None,
        ) as socket:  # fmt: skip
            self.socket = socket
            try:
                async for text in socket:
                    await self._take(json.loads(text))
            except websockets.exceptions.ConnectionClosed:
                pass
            finally:
                self.socket, self.greeted = None, False
                self.codes.append(socket.close_code or 1006)
                self.trouble = socket.close_reason or self.trouble

    async def _take(self, message: dict[str, Any]) -> None:
        if "hello" in message:
            self.opened_at, self.tries, self.greeted = time.monotonic(), 0, True
            await self.ask(message["hello"]["head"])
            for uuid in list(self.unsaved):
                await self._say(uuid)
        elif "events" in message:
            self._apply(message["events"])
        elif "ack" in message:
            self._saved(message["ack"], message["seq"])
            self._apply([message["event"]] if "event" in message else [])
        elif "unsaved" in message:
            self._later(message["unsaved"], message["wait"])
        elif "resync" in message:
            await self.ask(self.last + 1)
        elif "refused" in message:
            self.errors.append(str(message))
            self.unsaved.pop(message["refused"], None)

    def _apply(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["seq"] > self.last:
                self.early[event["seq"]] = event["uuid"]
            if event["by"] == self.seat.user and event["uuid"] in self.unsaved:
                self._saved(event["uuid"], event["seq"])
        while self.last + 1 in self.early:
            self.last += 1
            self.heard.append((self.last, self.early.pop(self.last)))
        if self.early:
            asyncio.get_running_loop().call_later(GAP, self._fill_gap)

    def _fill_gap(self) -> None:
        if self.early:
            self._soon(self.ask(max(self.early)))

    def _soon(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def ask(self, head: int) -> None:
        """Read on when there is something above what is known."""
        self.head = max(self.head, head)
        if head > self.last and self.socket is not None:
            with suppress(websockets.exceptions.ConnectionClosed):
                await self.socket.send(json.dumps({"after": self.last}))

    def _saved(self, uuid: str, seq: int) -> None:
        if self.numbers.setdefault(uuid, seq) != seq:
            self.errors.append(f"{uuid} was {self.numbers[uuid]}, then {seq}")
        if self.unsaved.pop(uuid, None) is not None:
            now = time.monotonic()
            self.acked[uuid] = now
            self.delays.append((self.written[uuid], now - self.written[uuid]))

    def _again(self, uuid: str) -> None:
        if uuid in self.unsaved:
            self._soon(self._say(uuid))

    async def write(self, text: str) -> None:
        """Say something new."""
        uuid = str(UUID(int=self.chance.getrandbits(128), version=4))
        self.unsaved[uuid] = text
        self.written[uuid] = time.monotonic()
        await self._say(uuid)

    async def _say(self, uuid: str) -> None:
        if self.socket is not None and self.greeted:
            with suppress(websockets.exceptions.ConnectionClosed):
                frame = {"post": {"uuid": uuid, "text": self.unsaved[uuid]}}
                await self.socket.send(json.dumps(frame))
        self._later(uuid, ACK_SECONDS)

    def _later(self, uuid: str, seconds: float) -> None:
        if uuid in self.timers:
            self.timers.pop(uuid).cancel()
        if uuid in self.unsaved:
            self.timers[uuid] = asyncio.get_running_loop().call_later(seconds, self._again, uuid)


@dataclass
class Outcome:
    """What came of it."""

    written: int
    lost: int
    doubled: int
    astray: int
    unsaved: int
    errors: list[str]
    refused: set[int]
    delays: list[float] = field(default_factory=list)


class Crowd:
    """All talkers, on a loop in a thread of their own."""

    def __init__(self, live: Live, seats: list[Seat], seed: int) -> None:
        self.chance = random.Random(seed)
        self.talkers = [Talker(seat, live, random.Random(self.chance.random())) for seat in seats]
        self.pages: dict[int, list[Talker]] = {}
        for talker in self.talkers:
            self.pages.setdefault(talker.seat.user, []).append(talker)
        self.people = sorted(self.pages)
        self.rate = 0.0
        self.rounds = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        with suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self._all())
        self.loop.close()

    async def _all(self) -> None:
        self.main = asyncio.current_task()
        tasks = [asyncio.create_task(talker.stay()) for talker in self.talkers]
        try:
            await self._speak()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _speak(self) -> None:
        while True:
            rate = self.rate  # somebody may hush them meanwhile
            if not rate:
                await asyncio.sleep(0.02)
                continue
            self.rounds += 1
            await self.chance.choice(self.pages[self.chance.choice(self.people)]).write(
                f"word {self.rounds} of many, as people write them"
            )
            await asyncio.sleep(1 / rate)

    def start(self) -> None:
        """Open every page, and wait until all are open."""
        self.thread.start()
        self.until(lambda: all(talker.greeted for talker in self.talkers), 120, "all pages open")

    def until(self, true: Any, seconds: float, what: str) -> float:
        """Wait; returns how long it took. Fails with what was waited for."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}\n{self.where()}"
            time.sleep(0.02)
        return time.monotonic() - began

    def quiet_since(self, moment: float) -> bool:
        """Return whether all that was written until then is saved."""
        return not any(t.written[uuid] < moment for t in self.talkers for uuid in list(t.unsaved))

    def cut_all(self) -> None:
        """Cut every line at once, without a goodbye."""
        self.loop.call_soon_threadsafe(lambda: [t.socket.transport.abort() for t in self.talkers if t.socket])

    def all_back(self, since: float) -> bool:
        """Return whether everybody has come in again since that moment."""
        return all(talker.greeted and talker.opened_at > since for talker in self.talkers)

    def where(self) -> str:
        """Say how it stands with those who are not there, or wait for something."""
        return "\n".join(
            f"{t.seat} last {t.last} unsaved {len(t.unsaved)} codes {t.codes[-3:]} tries {t.tries} {t.trouble}"
            for t in self.talkers
            if not t.greeted or t.unsaved
        )

    def write(self, *, rate: float, seconds: float = 0.0) -> None:
        """Let someone say something, so many times a second (a person may say two); go on after `seconds`."""
        self.rate = rate
        time.sleep(seconds)

    def hush(self) -> None:
        """No new words."""
        self.rate = 0.0

    def finish(self, seconds: float = 60.0) -> float:
        """No new words; wait until all is saved and everybody has everything. Returns how long that took."""
        self.hush()
        took = self.until(lambda: not any(talker.unsaved for talker in self.talkers), seconds, "everything saved")
        heads = heads_of({talker.seat.conversation for talker in self.talkers})
        return took + self.until(
            lambda: all(talker.last == heads[talker.seat.conversation] for talker in self.talkers),
            seconds,
            "everybody has everything",
        )

    def stop(self) -> None:
        """Close all pages."""
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.main.cancel)
            self.thread.join(10)

    def delays(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """Return the seconds until "saved" of what was written in that time."""
        return sorted(took for talker in self.talkers for at, took in talker.delays if since <= at < until)

    def outcome(self) -> Outcome:
        """Compare what everybody wrote, was told and saw with the table."""
        table = table_of({talker.seat.conversation for talker in self.talkers})
        stored = [uuid for rows in table.values() for _, uuid in rows]
        written = {uuid for talker in self.talkers for uuid in talker.written}
        acked = {uuid for talker in self.talkers for uuid in talker.acked}
        heard = [talker.heard for talker in self.talkers]
        return Outcome(
            written=len(written),
            lost=len((acked | written) - set(stored)),
            doubled=len(stored) - len(set(stored)) + sum(len(one) - len(set(one)) for one in heard),
            astray=sum(talker.heard != table[talker.seat.conversation] for talker in self.talkers),
            unsaved=sum(len(talker.unsaved) for talker in self.talkers),
            errors=[error for talker in self.talkers for error in talker.errors],
            refused={code for talker in self.talkers for code in talker.codes} & ENDED,
            delays=self.delays(),
        )


def heads_of(conversations: set[int]) -> dict[int, int]:
    """Return the heads of conversations."""
    connection.close()  # the test may have cut it
    with every_practice("a test compares"):
        return dict(Conversation.objects.filter(pk__in=conversations).values_list("pk", "head"))


def table_of(conversations: set[int]) -> dict[int, list[tuple[int, str]]]:
    """Return what stands in the table: numbers and uuids, in order."""
    found: dict[int, list[tuple[int, str]]] = {pk: [] for pk in conversations}
    with every_practice("a test compares"):
        rows = ConversationEvent.objects.filter(conversation_id__in=conversations).order_by("conversation_id", "seq")
        for pk, seq, uuid in rows.values_list("conversation_id", "seq", "client_uuid"):
            found[pk].append((seq, str(uuid)))
    return found


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(values)[int(len(values) * 0.95)] if values else float("nan")


@contextmanager
def talking(live: Live, seats: list[Seat], *, seed: int) -> Iterator[Crowd]:
    """Have everybody there while something happens."""
    crowd = Crowd(live, seats, seed)
    crowd.start()
    try:
        yield crowd
    finally:
        crowd.stop()


def all_is_well(outcome: Outcome) -> None:
    """Nothing lost, nothing doubled, the same order everywhere, nobody turned out."""
    assert (outcome.lost, outcome.doubled, outcome.astray, outcome.unsaved) == (0, 0, 0, 0), outcome
    assert (outcome.errors, outcome.refused) == ([], set())
    assert outcome.written > 0
