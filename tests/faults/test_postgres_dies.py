"""Faults 2 to 4 as the engine meets them: PostgreSQL dies, cuts its connections, hangs. Nothing is lost or doubled, and
the ticks go on by themselves."""

import os
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from homework.domain.sending import drain
from tests.factories.due_sends import ALONE, LEFT, PEOPLE, SENT, TOLD, execute, fill, one
from tests.faults.own_postgres import own_postgres
from tests.faults.told import Told, seed_of, tell
from tests.live import Live

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]
PATIENCE = 120.0  # seconds that a busy machine may take for what has no bound
RESUMED = 10.0  # seconds until sends go on after PostgreSQL is back
OTHERS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
"""


@pytest.fixture
def server(django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), own_postgres(tmp_path / "pg") as started:
        yield started


def link_to(server):
    return psycopg2.connect(server.url)


def filled(server, rows):
    link = link_to(server)
    execute(link, PEOPLE)
    fill(link, first=1, last=rows)
    return link


def told(request, link, rows, fault, seed=None, recovery=None, more=""):
    found, distinct = one(link, TOLD)
    line = Told(fault, seed, lost=rows - one(link, SENT), doubled=found - distinct, recovery=recovery, more=more)
    tell(request, line)
    assert (one(link, LEFT), line.lost, line.doubled, one(link, ALONE)) == (0, 0, 0, 0)


def until(true, seconds, what):
    """Wait; return how long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.1)
    return time.monotonic() - began


def test_batch_that_dies_with_postgresql_is_sent_once(server, request):
    rows, chance = 40_000, random.Random(seed := seed_of(request))
    filled(server, rows).close()
    command = [sys.executable, "manage.py", "send_due", "--once"]
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with link_to(server) as watching:
        until(lambda: one(watching, SENT) or worker.poll() is not None, PATIENCE, "it sends")
    watching.close()
    time.sleep(chance.uniform(0, 0.1))
    server.die()
    assert worker.wait(PATIENCE) != 0
    server.start()
    back = time.monotonic()
    assert subprocess.run(command, cwd=settings.BASE_DIR, check=False, stdout=subprocess.DEVNULL).returncode == 0
    told(request, link_to(server), rows, "2 PostgreSQL dies", seed, time.monotonic() - back)


@pytest.mark.long
def test_ticks_go_on_by_themselves_when_postgresql_is_back(server, request, tmp_path):
    rows, live = 60_000, Live(tmp_path)
    link = filled(server, rows)
    try:
        live.start("engine", "beat")
        until(lambda: one(link, SENT), 60, "it sends")
        link.close()
        server.die()
        time.sleep(2)
        server.start()
        link, back = link_to(server), time.monotonic()
        before = one(link, SENT)
        until(lambda: one(link, SENT) > before or not one(link, LEFT), RESUMED, "sends go on")
        recovery = time.monotonic() - back
        until(lambda: not one(link, LEFT), 120, "all is sent")
        told(request, link, rows, "2 PostgreSQL dies under the workers", recovery=recovery)
    finally:
        live.stop()


@pytest.mark.parametrize(("rows", "seconds"), [(6_000, 2), pytest.param(150_000, 20, marks=pytest.mark.long)])
def test_nothing_is_lost_when_connections_are_cut(live_database, request, rows, seconds):
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    execute(link, PEOPLE)
    fill(link, first=1, last=rows)
    over, cuts = threading.Event(), []

    def engine():
        while not over.is_set():
            try:
                drain(batch=50)
            except (DatabaseError, InterfaceError):
                connection.close()
        connection.close()

    workers = [threading.Thread(target=engine) for _each in range(2)]
    for worker in workers:
        worker.start()
    ends = time.monotonic() + seconds
    with link.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute(f"SELECT count(pg_terminate_backend(pid)) FROM ({OTHERS}) others")
            cuts.append(cursor.fetchone()[0])
            link.commit()
            time.sleep(0.2)
    mended = time.monotonic()
    until(lambda: not one(link, LEFT), PATIENCE, "all is sent")
    over.set()
    for worker in workers:
        worker.join(PATIENCE)
    assert sum(cuts) > seconds
    told(request, link, rows, f"3 {sum(cuts)} connections cut", recovery=time.monotonic() - mended)
    link.close()


def status(live, path, seconds):
    """Return the answer's status, or 0 when there is none in time."""
    asked = urllib.request.Request(f"http://127.0.0.1:{live.port}{path}", headers={"Host": "localhost"})
    try:
        return urllib.request.urlopen(asked, timeout=seconds).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.long
def test_hanging_postgresql_leaves_nothing_stuck(server, request, tmp_path):
    rows, live = 60_000, Live(tmp_path)
    link = filled(server, rows)
    try:
        live.start("web", "engine", "beat")
        until(lambda: one(link, SENT), 60, "it sends")
        bound = one(link, f"SELECT count(*) FROM ({OTHERS}) others") + 2
        with server.hanging(15):
            assert status(live, "/livez", 5) == 200
            assert status(live, "/healthz", 14) in {0, 503}
        until(lambda: status(live, "/healthz", 10) == 200 or one(link, LEFT), 30, "the web answers")
        recovery = until(lambda: not one(link, LEFT), 120, "all is sent")
        until(lambda: one(link, f"SELECT count(*) FROM ({OTHERS}) others") <= bound, 30, "no connection is stuck")
        told(request, link, rows, "4 PostgreSQL hangs for 15 s", recovery=recovery)
    finally:
        live.stop()
