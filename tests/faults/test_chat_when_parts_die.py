"""Faults 3 to 8 as people who are writing to each other see them: Redis dies, hangs, is full or forgets everything; the
database cuts its connections or hangs. What is written ends saved once, sockets stay, nobody is signed out.

The short form breaks it for a moment, and may try three times to be as quick as the full one.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

import psycopg2
import pytest
import redis
from django.conf import settings
from django.utils import timezone

from messaging.domain.posting import post
from practice.people.models import User
from practice.vault.keyring import forget_keys
from tests import database
from tests.faults.talkers import Crowd, Seat, all_is_well, p95, seats_of, talking
from tests.faults.told import Told, seed_of, tell
from tests.faults.tries import PATIENCE, TRIES, best_of, in_time
from tests.live import Live
from tests.people import World, make_world
from tests.starting import STARTED

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]
RATE, NORMAL_SECONDS = 10, 1.5
HINTED, CHECKED = 1.5, 6.0  # seconds until what another process stored is on the screen: by a hint, by the head check
BACK = 10  # seconds until hints arrive again
FLOOR, ANSWERED = 0.3, 5.0  # seconds; below the floor an answer is quick, whatever the ratio
OURS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
"""


@dataclass
class House:
    """A web of its own with people in it, for all tests of this file."""

    live: Live
    world: World
    seats: list[Seat]


@pytest.fixture(scope="module")
def house(django_db_blocker, tmp_path_factory) -> Iterator[House]:
    """The real web on a fresh database."""
    forget_keys()  # of another test's practice, which may bear the same number
    with django_db_blocker.unblock(), database.copy("live_parts_" + str(os.getpid())):
        live = Live(tmp_path_factory.mktemp("house"))
        live.start("web")
        world = make_world()
        try:
            yield House(live, world, seats_of(world, therapists=2, clients_each=4))
        finally:
            live.stop()


def valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5)


@contextmanager
def redis_dies(seconds: float) -> Iterator[None]:
    """Killed twice, each time back empty."""
    for _time in range(2):
        STARTED[-1].kill()
        time.sleep(seconds / 2)
        STARTED[-1].start()
    yield


@contextmanager
def redis_hangs(seconds: float) -> Iterator[None]:
    STARTED[-1].send(signal.SIGSTOP)
    try:
        time.sleep(seconds)
        yield
    finally:
        STARTED[-1].send(signal.SIGCONT)


def fill(server: redis.Redis) -> None:
    for number in range(10_000):
        server.set(f"junk-{number}", "x" * 10_000)


@contextmanager
def redis_is_full(seconds: float) -> Iterator[None]:
    server = valkey()
    server.config_set("maxmemory", "2mb")
    try:
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            fill(server)
        time.sleep(seconds)
        yield
    finally:
        server.config_set("maxmemory", "64mb")
        server.flushall()


@contextmanager
def redis_forgets(seconds: float) -> Iterator[None]:
    for _time in range(max(1, int(seconds / 3))):
        valkey().flushall()
        time.sleep(min(seconds, 3))
    yield


@contextmanager
def connections_are_cut(seconds: float) -> Iterator[None]:
    """Every connection to the database, five times a second."""
    until = time.monotonic() + seconds
    with psycopg2.connect(os.environ["DATABASE_URL"]) as link, link.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(f"SELECT count(pg_terminate_backend(pid)) FROM ({OURS}) AS ours")
            time.sleep(0.2)
    link.close()
    yield


@contextmanager
def database_hangs(seconds: float) -> Iterator[None]:
    """Every connection, and each new one, stands still."""
    until, stopped = time.monotonic() + seconds, set()
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    link.autocommit = True

    def go_on() -> None:
        for pid in list(stopped):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    end = threading.Timer(seconds + 1, go_on)  # one that was stopped may hold what our own question waits for
    end.start()
    try:
        with link.cursor() as cursor:
            while time.monotonic() < until:
                cursor.execute(OURS)
                for (pid,) in cursor.fetchall():
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGSTOP)
                        stopped.add(pid)
                time.sleep(0.05)
    finally:
        end.cancel()
        go_on()
        link.close()
    yield


def appears_after(house: House, crowd: Crowd) -> float:
    """Return how long what another process stored takes to be on the screens of that conversation."""
    seat = house.seats[-1]
    event = post(
        conversation_id=seat.conversation,
        practice_id=house.world.practice.pk,
        author=User.objects.get(pk=seat.user),
        text="From another process",
        client_uuid=uuid4(),
        now=timezone.now(),
    ).event
    watching = [talker for talker in crowd.talkers if talker.seat.conversation == seat.conversation]
    return crowd.until(lambda: all(t.last >= event.seq for t in watching), PATIENCE, "it appears on the screen")


def hints_are_back_after(house: House, crowd: Crowd) -> tuple[float, float]:
    """Return how long it takes until what another process stored is seen at once again, and not by the head check; and
    how long the slowest before that took.
    """
    began, slowest = time.monotonic(), 0.0
    while (took := appears_after(house, crowd)) > HINTED:
        slowest = max(slowest, took)
        assert time.monotonic() - began < 2 * PATIENCE
    return time.monotonic() - began, slowest


FAULTS: dict[str, tuple[str, Callable, float, float, bool]] = {
    "redis-dies": ("5", redis_dies, 2, 10, False),
    "redis-hangs": ("6", redis_hangs, 3, 30, False),
    "redis-is-full": ("7", redis_is_full, 1, 20, False),
    "redis-forgets": ("8", redis_forgets, 1, 60, False),
    "connections-are-cut": ("3", connections_are_cut, 2, 20, True),
    "database-hangs": ("4", database_hangs, 3, 15, True),
}
"""Name: number in the list of faults, what breaks, seconds in every run and in full, whether posts have to wait."""


@pytest.mark.parametrize("full", [False, pytest.param(True, marks=pytest.mark.long)], ids=["short", "full"])
@pytest.mark.parametrize("name", FAULTS)
def test_chat_goes_on(request, house, name, full):
    number, breaks, short, long, waits = FAULTS[name]
    seed = seed_of(request)
    with talking(house.live, house.seats, seed=seed) as crowd:

        def scene() -> None:
            began = time.monotonic()
            crowd.write(rate=RATE, seconds=NORMAL_SECONDS)
            broke, answered = time.monotonic(), 0.0
            with breaks(long if full else short):
                mended = time.monotonic()
                if not waits:
                    answered = crowd.until(lambda: crowd.quiet_since(mended), PATIENCE, "answers while it is broken")
            recovery = crowd.finish()
            normal, meanwhile = p95(crowd.delays(began, broke)), p95(crowd.delays(broke, mended))
            back, checked = hints_are_back_after(house, crowd)
            found = crowd.outcome()
            saved = f"saved p95 {normal * 1000:.0f} ms, meanwhile {meanwhile * 1000:.0f} ms"
            more = f"chat, {name}: {saved}; hints back {back:.1f} s"
            tell(request, Told(number, seed, found.lost, found.doubled, 0, recovery, more))
            all_is_well(found)
            assert not any(talker.codes for talker in crowd.talkers)
            in_time(answered, ANSWERED, "an answer while it is broken")
            in_time(checked, CHECKED, "on the screen by the head check")
            in_time(back, BACK, "hints are back")
            if not waits:
                in_time(meanwhile, max(3 * normal, FLOOR), "p95 of answers while it is broken")

        best_of(1 if full else TRIES, scene)
    if name == "redis-hangs":
        assert "hints lost: " in house.live.running["web"].log.read_text(errors="replace")
