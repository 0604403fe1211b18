"""Faults 5 to 8 and 10 as the engine meets them: Redis dies, hangs, is full, forgets everything; two beats and four
workers tick at once. Nothing is lost or doubled, and sends keep their time again soon after."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
import pytest
import redis
from django.conf import settings

from practice.config.celery import app as celery
from tests.factories.due_sends import ALONE, PEOPLE, SENT, TOLD, USERS, execute, one
from tests.faults.told import Told, tell
from tests.live import Live
from tests.starting import STARTED

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900)]
RATE = 50  # sends that become due a second
ON_TIME = 10.0  # seconds: p99 of how long what becomes due after the recovery waits

STEADY = f"""
SET LOCAL session_replication_role = replica;
INSERT INTO homework_assignment (practice_id, client_id, recipient_id, rater, enrolment_id, step, occurrence, plan_rev,
  activity_version_id, local_at, tz, send_at, status)
SELECT 1, n %% {USERS} + 1, n %% {USERS} + 1, 'client', n, 'step', 1, 1, 1, now()::timestamp, 'Europe/Berlin',
  now() + n * interval '1 second' / %(rate)s, 2
FROM generate_series(1, %(rows)s) n;
"""
DWELL = """
SELECT coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - send_at)), 0)::float,
  count(*) FILTER (WHERE sent_at - send_at > interval '15 seconds')
FROM homework_assignment WHERE status = 3 AND send_at > to_timestamp({after})
"""
OVERDUE = "SELECT count(*) FROM homework_assignment WHERE status = 2 AND send_at < now() - interval '6 seconds'"
ALL_DUE = "SELECT count(*) FROM homework_assignment WHERE status = 2"
BACK_EMPTY_SECONDS = 4
TRIED = re.compile("Cannot connect|Connection to broker lost")


@contextmanager
def dies(seconds: float) -> Iterator[None]:
    """Killed twice, each time back empty."""
    for _time in range(2):
        STARTED[-1].kill()
        time.sleep(seconds / 2)
        STARTED[-1].start()
        time.sleep(BACK_EMPTY_SECONDS)
    yield


@contextmanager
def hangs(seconds: float) -> Iterator[None]:
    STARTED[-1].send(signal.SIGSTOP)
    time.sleep(seconds)
    STARTED[-1].send(signal.SIGCONT)
    yield


def push_for_ever(server: redis.Redis) -> None:
    while True:
        server.rpush("junk", "x" * 10_000)


@contextmanager
def filled(server: redis.Redis) -> Iterator[None]:
    """Full inside, empty and with room again after it."""
    server.config_set("maxmemory", "2mb")
    assert server.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    try:
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            push_for_ever(server)
        server.config_set("maxmemory", "1mb")  # what a connection gives back when it closes would be room
        yield
    finally:
        server.config_set("maxmemory", "64mb")
        server.flushall()


@contextmanager
def is_full(seconds: float) -> Iterator[None]:
    with filled(redis.Redis.from_url(settings.REDIS_URL)):
        time.sleep(seconds)
    yield


@contextmanager
def forgets(seconds: float) -> Iterator[None]:
    for _time in range(int(seconds / 3)):
        redis.Redis.from_url(settings.REDIS_URL).flushall()
        time.sleep(3)
    yield


@contextmanager
def nothing(seconds: float) -> Iterator[None]:
    time.sleep(seconds)
    yield


FAULTS: dict[str, tuple[str, Callable, float, float, tuple[str, ...]]] = {
    "dies": ("5 Redis dies twice", dies, 4, 15, ("engine", "beat")),
    "hangs": ("6 Redis hangs", hangs, 30, 30, ("engine", "beat")),
    "is-full": ("7 Redis is full", is_full, 30, 15, ("engine", "beat")),
    "forgets": ("8 Redis forgets every 3 s", forgets, 60, 15, ("engine", "beat")),
    "crowd": ("10 two beats, four workers", nothing, 25, 0, ("engine", "worker", "beat", "engine", "worker", "beat")),
}
"""Name: what it is, what breaks, for how long, seconds until sends are on time again, who runs."""


@pytest.fixture
def link(live_database):
    found = psycopg2.connect(os.environ["DATABASE_URL"])
    execute(found, PEOPLE)
    yield found
    found.close()


@pytest.mark.long
@pytest.mark.parametrize("name", FAULTS)
def test_sends_go_on(link, request, tmp_path, name):
    fault, breaks, seconds, recovers, runs = FAULTS[name]
    houses = [Live(tmp_path / "one"), Live(tmp_path / "two")]
    for house in houses:
        house.folder.mkdir()
    state = str(tmp_path / "state")
    try:
        for number, process in enumerate(runs):
            houses[number // 3 if len(runs) > 3 else 0].start(process, STATE_DIR=state)
        wait_until(lambda: ticked(link), 60)
        rows = int(RATE * (seconds + 60))
        execute(link, STEADY, {"rate": RATE, "rows": rows})
        time.sleep(5)
        before = one(link, SENT)
        with breaks(seconds):
            mended = time.time()
        meanwhile = one(link, SENT) - before
        wait_until(lambda: not one(link, OVERDUE), recovers + 30)
        recovery = time.time() - mended
        wait_until(lambda: not one(link, ALL_DUE), 120)
        told, distinct = one(link, TOLD)
        waited, late = one(link, DWELL.format(after=mended + recovers))
        more = f"{meanwhile} sent meanwhile, then p99 {waited:.1f} s"
        if "full" in name:
            refused = refusals(houses[0])
            more += f"; {refused} ticks refused"
            assert refused > 0
        lost = rows - one(link, SENT)
        tell(request, Told(fault, None, lost, told - distinct, late, recovery, more))
        assert (lost, told - distinct, one(link, ALONE)) == (0, 0, 0)
        assert waited <= ON_TIME
        assert recovery <= max(recovers, ON_TIME)
        wait_until(nobody_is_deaf(), 60)
        if name in {"is-full", "forgets", "crowd", "hangs"}:
            assert meanwhile > seconds * RATE / 4
    finally:
        for house in houses:
            house.stop()


def test_worker_outlives_a_redis_too_full_to_note_what_it_fetched(link, tmp_path):
    """Fault 7: a tick that was pushed just before is fetched, and noting that it was is refused."""
    house, server, log = Live(tmp_path), redis.Redis.from_url(settings.REDIS_URL), tmp_path / "engine.log"
    try:
        house.start("engine")
        push_tick()
        wait_until(lambda: not ticks_waiting(server), 60)  # it is there and listens
        house.kill("engine", signal.SIGSTOP)
        push_tick()
        with filled(server):
            house.kill("engine", signal.SIGCONT)
            wait_until(lambda: "OutOfMemory" in log.read_text(), 30)
            before = connections(server)
            wait_until(lambda: len(TRIED.findall(log.read_text())) >= 5, 30)
            left_open = connections(server) - before
        push_tick()
        wait_until(lambda: not ticks_waiting(server), 30)
        assert left_open <= 4
    finally:
        house.stop()


def push_tick() -> None:
    celery.send_task("homework.tasks.engine_tick", queue="engine")


def ticks_waiting(server: redis.Redis) -> int:
    return server.llen(f"{os.environ['LAYER_PREFIX']}:engine")


def connections(server: redis.Redis) -> int:
    return server.info("clients")["connected_clients"]


def refusals(house: Live) -> int:
    """Return how many ticks the beat could not push because Redis was full: it says each."""
    return (house.folder / "beat.log").read_text().count("Couldn't apply scheduled task")


def nobody_is_deaf() -> Callable[[], bool]:
    """Whether ticks are pushed again and taken: a worker that stays deaf would let them pile up."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    pushed = lambda: server.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0)  # noqa: E731
    before = pushed()
    return lambda: pushed() > before + 2 and ticks_waiting(server) <= 1


def ticked(link) -> bool:
    return bool(one(link, "SELECT count(*) FROM practice_enginelane WHERE last_tick_at IS NOT NULL"))


def wait_until(true, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.3)
