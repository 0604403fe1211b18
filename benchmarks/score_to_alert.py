"""`score-to-alert`: from a risk answer over HTTP to the open desk that hears of it and to the mail in the sink.

The house as `make run` starts it: web, engine, worker, beat, a mail server, each a process. In each round another
client, of another practice whose therapist has an open desk, answers the question about suicidal thoughts; so nothing
that a desk hears belongs to another round. Then the same with Redis killed: nobody hints, the socket finds it by
itself. The critical item must be there when the answer's request returns.
"""

import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import websockets.sync.client as websockets

from benchmarks.figures import limit
from benchmarks.ground import own_database
from benchmarks.numerals import percentile
from practice.config.stack.places import Places
from tests.live import Live
from tests.servers import Folder, Running, start_valkey

ROUNDS, REST_SECONDS = 40, 0.2
MOST_SECONDS = 30.0
HEAD_CHECK_SECONDS = 6.0  # after which every desk has been asked about once
QUICK = {"rows": 3}
SHORT = {"rows": 20}
TOKEN = "t" * 32  # the same in cookie and header, as a page would send it


@dataclass(frozen=True)
class Pair:
    """A client with a sheet to fill in, and the open desk of their therapist."""

    session: str
    sheet: int
    desk: Any


def run(*, rows: int = ROUNDS) -> None:
    """Measure and print. `rows` is how many risk answers, and a third as many without Redis."""
    alone = max(rows // 3, 1)
    with _house() as (live, valkey), ExitStack() as open_desks:
        pairs = [open_desks.enter_context(_pair(live, number)) for number in range(rows + alone + 1)]
        house = House(live)
        house.answer(pairs.pop())  # warm
        time.sleep(HEAD_CHECK_SECONDS)
        met = [house.answer(pairs.pop()) for _round in range(rows)]
        valkey.kill()
        unhinted = [house.answer(pairs.pop(), mail=False) for _round in range(alone)]
    _say("score-to-alert", [one.heard for one in met], hold=1_000, missing=sum(one.missing for one in met))
    _say("score-to-mail", [one.mailed for one in met], hold=5_000)
    _say("score-no-redis", [one.heard for one in unhinted], hold=6_000, missing=sum(one.missing for one in unhinted))


def _say(name: str, seconds: list[float], *, hold: float, missing: int = 0) -> None:
    took = [one * 1000 for one in seconds]
    limit(
        name, product=percentile(took, 0.95), hold=hold, zero={"missing": missing, "unheard": took.count(float("inf"))},
        median=f"{percentile(took, 0.5):.0f}ms", most=f"{max(took):.0f}ms", answers=len(took),
    )  # fmt: skip


@dataclass(frozen=True)
class Met:
    """Seconds until the desk heard and the mail was in the sink, and how many items were missing after the answer."""

    heard: float
    mailed: float
    missing: int


class House:
    """What a client, a desk and a sink see of it."""

    def __init__(self, live: Live) -> None:
        self.live, self.answered = live, 0

    def answer(self, pair: Pair, *, mail: bool = True) -> Met:
        """Answer one sheet and wait for what comes of it."""
        time.sleep(REST_SECONDS)
        before, began = self._mails(), time.monotonic()
        self._put(pair)
        self.answered += 1
        missing = self.answered - _items()
        heard = _heard(pair.desk, began)
        return Met(heard, self._mailed(began, before) if mail else 0.0, missing)

    def _put(self, pair: Pair) -> None:
        from django.conf import settings

        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={pair.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
            "Origin": self.live.url,
        }
        body = {"rev": 0, "uuid": str(uuid4()), "value": {"answers": {"9": 2}}}
        web = http.client.HTTPConnection("localhost", self.live.port, timeout=MOST_SECONDS)
        web.request("PUT", f"/api/v1/assignments/{pair.sheet}/answers/form", json.dumps(body), headers)
        answer = web.getresponse()
        said = answer.read()
        web.close()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {said[:300]!r}")

    def _mails(self) -> int:
        return sum(1 for _mail in self.live.mail_folder.glob("*.eml"))

    def _mailed(self, began: float, before: int) -> float:
        while time.monotonic() < began + MOST_SECONDS:
            if self._mails() > before:
                return time.monotonic() - began
            time.sleep(0.01)
        return float("inf")


def _heard(desk: Any, began: float) -> float:
    while (left := began + MOST_SECONDS - time.monotonic()) > 0:
        try:
            if json.loads(desk.recv(timeout=left)).get("hint") == "attention":
                return time.monotonic() - began
        except TimeoutError:
            break
    return float("inf")


def _items() -> int:
    """How many critical items there are."""
    from clients.models import AttentionItem, Urgency
    from practice.tenancy import every_practice

    with every_practice("a benchmark counts"):
        return AttentionItem.objects.filter(kind="risk", urgency=Urgency.CRITICAL).count()


@contextmanager
def _house() -> Iterator[tuple[Live, Running]]:
    """Everything started, on a database and a Redis of its own."""
    os.environ["TESTING"] = "1"
    with own_database():
        from django.db import connection

        os.environ.pop("CONN_MAX_AGE")  # the web decides
        folder = Folder()
        places = Places(folder.path)
        valkey = start_valkey(places)
        os.environ["REDIS_URL"] = places.redis_url
        live = Live(folder.path)
        os.environ["PORT"] = str(live.port)
        try:
            live.start("mail", "web", "engine", "worker", "beat")
            yield live, valkey
        finally:
            connection.close()
            live.stop()
            valkey.kill()
            folder.remove()


@contextmanager
def _pair(live: Live, number: int) -> Iterator[Pair]:
    """A practice with one client who has the form to fill in, and its therapist's open desk."""
    from django.conf import settings

    from homework.domain.enrolling import send_activity
    from homework.models import Assignment
    from practice.accounts.founding import found_practice
    from practice.people.models import Role
    from practice.tenancy import scope
    from tests.alliance.homework import activity_with, leave
    from tests.messaging.sockets import sign_in
    from tests.people import NOW, make_client, make_staff

    practice, now = found_practice(name=f"Elm{number} House", now=NOW), datetime.now(UTC)
    therapist = make_staff(practice, "Noor House", Role.THERAPIST)
    client = make_client(practice, "Toma Door", therapist)
    with scope(practice=practice):
        form = activity_with(SimpleNamespace(practice=practice, now=NOW), "phq-9")
        (made,) = send_activity(clients=[client], activity_version=form, at_local=None, by=therapist, now=now)
        sheet = leave(Assignment.objects.get(enrolment=made), now)
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={sign_in(therapist)}"}
    address = f"ws://localhost:{live.port}/ws/live/"
    with websockets.connect(address, origin=live.url, additional_headers=cookie, compression=None) as desk:  # type: ignore[arg-type]
        if "hello" not in json.loads(desk.recv(timeout=MOST_SECONDS)):
            raise RuntimeError("the desk's socket was not let in")
        yield Pair(sign_in(client.user), sheet.pk, desk)
