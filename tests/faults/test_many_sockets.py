"""Faults 26 and 30: a thousand sockets come back at once; hundreds of requests and sockets are dropped half-way. The
database sees a bounded number of connections throughout, and nothing is left of them soon after."""

import contextlib
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.conf import settings
from websockets.sync.client import connect

from practice.live.direct import LINES
from practice.live.executor import database
from practice.pages.crowding import PLACES
from tests.faults.talkers import all_is_well, seats_of, talking
from tests.faults.told import Told, seed_of, tell
from tests.faults.tries import PATIENCE, TRIES, best_of, in_time
from tests.live import Live
from tests.messaging.sockets import sign_in
from tests.people import make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]
BACK, SETTLED = 30, 5  # seconds
BOUND = database.threads + LINES + PLACES + 4  # a page's connection is closed a moment after its place is free
COUNT = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
"""
SLAM = struct.pack("ii", 1, 0)


class Counter(threading.Thread):
    """Counts the database's connections ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.link = psycopg2.connect(os.environ["DATABASE_URL"])
        self.link.autocommit = True
        self.most = self.now = 0
        self.over = threading.Event()

    def run(self) -> None:
        with self.link.cursor() as cursor:
            while not self.over.wait(0.1):
                cursor.execute(COUNT)
                (self.now,) = cursor.fetchone()
                self.most = max(self.most, self.now)


@contextmanager
def counting() -> Iterator[Counter]:
    counter = Counter()
    counter.start()
    try:
        yield counter
    finally:
        counter.over.set()
        counter.join(5)
        counter.link.close()


@pytest.mark.parametrize(
    ("therapists", "rate"), [(8, 10), pytest.param(100, 20, marks=pytest.mark.long)], ids=["80-sockets", "1000-sockets"]
)
def test_all_come_back_and_the_database_sees_few(request, live, therapists, rate):
    seed = seed_of(request)
    seats = seats_of(make_world(), therapists=therapists, clients_each=5)
    with talking(live, seats, seed=seed) as crowd, counting() as counter:
        crowd.write(rate=rate, seconds=1)
        counter.most = 0
        cut = time.monotonic()
        crowd.cut_all()
        recovery = crowd.until(lambda: crowd.all_back(cut), BACK, "everybody is back")
        crowd.finish()
        most = counter.most
    found = crowd.outcome()
    more = f"{len(seats)} sockets, {most} connections at most"
    tell(request, Told("26", seed, found.lost, found.doubled, recovery=recovery, more=more))
    all_is_well(found)
    assert most <= database.threads + LINES + 2  # no page among them


def slammed(live: Live, words: bytes, seconds: float = 0.0) -> None:
    """Say something to the web and slam the line."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", live.port)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SLAM)
        line.sendall(words)
        time.sleep(seconds)


def dropped_socket(live: Live, session: str) -> None:
    """Open a socket that is signed in, and slam the line without a goodbye."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    with contextlib.suppress(Exception):
        opened = connect(
            f"ws://127.0.0.1:{live.port}/ws/live/",
            origin=live.url,
            additional_headers={"Cookie": cookie},
            compression=None,
        ).__enter__()
        opened.recv(10)
        opened.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SLAM)
        opened.socket.close()


@pytest.mark.parametrize(
    ("aborted", "pipelined", "sockets", "tries"),
    [(40, 10, 30, TRIES), pytest.param(200, 40, 500, 1, marks=pytest.mark.long)],
    ids=["some", "many"],
)
def test_dropped_requests_and_sockets_leave_no_connection(request, live, aborted, pipelined, sockets, tries):
    seed = seed_of(request)
    chance = random.Random(seed)
    session = sign_in(make_world().therapist)
    asked = f"GET /desk/ HTTP/1.1\r\nHost: localhost:{live.port}\r\nCookie: sessionid={session}\r\n\r\n".encode()

    def scene() -> None:
        with counting() as counter:
            for _each in range(aborted):
                slammed(live, asked, chance.uniform(0, 0.05))
            slammed(live, asked * pipelined, 0.5)
            for _each in range(sockets):
                dropped_socket(live, session)
            dropped, most = time.monotonic(), counter.most
            while time.monotonic() - dropped < PATIENCE and counter.now > database.threads:
                time.sleep(0.02)
            recovery = time.monotonic() - dropped
            time.sleep(0.2)
            left = counter.now
        tell(request, Told("30", seed, recovery=recovery, more=f"{left} connections left, {most} at most"))
        assert left <= database.threads
        assert most <= BOUND
        in_time(recovery, SETTLED, "no connection is left")

    best_of(tries, scene)
