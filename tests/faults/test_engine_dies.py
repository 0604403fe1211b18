"""Fault 1: the engine's worker is killed, at random and at each crash point. Nothing is lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from practice.notifications.crashing import VARIABLE
from tests.factories.due_sends import ALONE, LEFT, PEOPLE, SENT, TOLD, execute, fill, one
from tests.faults.told import Told, seed_of, tell

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900)]
ROOT = Path(settings.BASE_DIR)
PATIENCE = 300  # seconds; a busy machine
AT_WORK = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend' AND state <> 'idle'
"""


@pytest.fixture
def link(live_database):
    found = psycopg2.connect(os.environ["DATABASE_URL"])
    execute(found, PEOPLE)
    yield found
    found.close()


@pytest.fixture
def worker():
    """Starts a worker that drains the lane, in a process of its own. None outlives the test, whatever becomes of it."""
    started = []

    def start(crash_at=""):
        started.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "send_due", "--once"],
                cwd=ROOT, env={**os.environ, VARIABLE: crash_at}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def until_alone(link):
    """Wait until the database has noticed that the killed worker is gone, and let go what it held."""
    deadline = time.monotonic() + PATIENCE
    while one(link, AT_WORK):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def nothing_lost_nothing_doubled(link, rows, request, fault, seed=None, recovery=None):
    told, distinct = one(link, TOLD)
    tell(request, Told(fault, seed, rows - one(link, SENT), told - distinct, one(link, LEFT), recovery))
    assert (one(link, LEFT), one(link, SENT), told, distinct, one(link, ALONE)) == (0, rows, rows, rows, 0)


@pytest.mark.parametrize(
    ("rows", "most", "least"), [(20_000, 2, 1), pytest.param(100_000, 6, 5, marks=pytest.mark.long)]
)
def test_nothing_is_lost_or_doubled_when_the_worker_is_killed_at_random(link, worker, request, rows, most, least):
    seed = seed_of(request)
    chance = random.Random(seed)
    fill(link, first=1, last=rows)
    kills = 0
    for _kill in range(most):
        running, before = worker(), one(link, SENT)
        deadline = time.monotonic() + PATIENCE
        while one(link, SENT) == before and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.3))
        running.send_signal(signal.SIGKILL)
        kills += running.wait() == -signal.SIGKILL
        until_alone(link)
        assert one(link, ALONE) == 0
    assert kills >= least
    began = time.monotonic()
    assert worker().wait(timeout=PATIENCE) == 0
    recovery = time.monotonic() - began
    nothing_lost_nothing_doubled(link, rows, request, f"1 {kills} kills of {rows} sends", seed, recovery)


@pytest.mark.parametrize(("point", "left"), [("before_claim", 2500), ("after_claim", 2500), ("after_commit", 1500)])
def test_nothing_is_lost_or_doubled_at_each_crash_point(link, worker, request, point, left):
    fill(link, first=1, last=2500)
    assert worker(point).wait(timeout=PATIENCE) == 9
    until_alone(link)
    assert (one(link, LEFT), one(link, ALONE)) == (left, 0)
    assert worker().wait(timeout=PATIENCE) == 0
    nothing_lost_nothing_doubled(link, 2500, request, f"1 {point}")
