"""The engine's worker is asked to stop in the middle of a drain: it finishes, nothing is lost, nothing doubled."""

import os
import signal
import time

import psycopg2
import pytest

from homework.tasks import engine_tick
from practice.config.stack import application
from tests.factories.due_sends import ALONE, LEFT, PEOPLE, SENT, TOLD, execute, fill, one
from tests.servers import Running

pytestmark = [pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(200)]
ROWS, BATCH, GRACE = 200_000, 1_000, 15


@pytest.fixture
def link(live_database):
    found = psycopg2.connect(os.environ["DATABASE_URL"])
    execute(found, PEOPLE)
    yield found
    found.close()


def until(wanted, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not wanted() and time.monotonic() < deadline:
        time.sleep(0.02)
    return wanted()


def test_the_worker_finishes_its_batch_when_it_is_asked_to_stop(link, tmp_path):
    fill(link, first=1, last=ROWS)
    running = Running(application.engine(), log=tmp_path / "engine.log").start()
    try:
        engine_tick.delay()
        assert until(lambda: one(link, SENT) > 0), running.lines()
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(GRACE) == 0, running.lines()
        took = time.monotonic() - began
    finally:
        running.kill()
    sent, told, left = one(link, SENT), one(link, TOLD)[0], one(link, LEFT)
    print(f"stopped in {took:.1f} s after {sent} sends, lost 0, doubled {told - sent}, left {left}")
    assert 0 < sent < ROWS, "it was to be stopped in the middle"
    assert (sent % BATCH, sent + left, told, one(link, ALONE)) == (0, ROWS, sent, 0)
