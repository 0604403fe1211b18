"""Fault 27: signed out, removed from the care team, standing in no more. The socket closes within a second; within six
when Redis stands still (the full form in one try, the short one in the best of three); and nothing that is written
afterwards comes through it. Who was archived goes on reading: their socket stays, and is told within the same time.
"""

import json
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from clients.domain.archiving import archive_client, restore_client
from clients.domain.taking_leave import Plan, end_leave, take_leave
from clients.domain.teaming import join_team, leave_team
from clients.models import Leave
from messaging.models import Conversation
from practice.clock import local
from practice.live import codes
from practice.people.models import Role, User
from tests.faults.told import Told, tell
from tests.faults.tries import PATIENCE, TRIES, best_of, in_time
from tests.live import Live
from tests.messaging.sockets import say_elsewhere, sign_in, until_listened_to
from tests.people import World, make_staff, make_world
from tests.starting import STARTED

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]
TOKEN, WORDS = "a" * 32, "Between us two"
STATE = {"hint": "state"}


class Door:
    """One person's open socket in a conversation, and when and how it closed."""

    def __init__(self, lines: ExitStack, live: Live, conversation: int, session: str) -> None:
        self.session, self.conversation = session, conversation
        address = f"ws://127.0.0.1:{live.port}/ws/conversations/{conversation}/"
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        line = connect(address, origin=live.url, additional_headers={"Cookie": cookie})
        self.socket: ClientConnection = lines.enter_context(line)
        assert "hello" in json.loads(self.socket.recv(10))
        self.heard: list[dict] = []
        self.closed_at = 0.0
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        try:
            while True:
                self.heard.append(json.loads(self.socket.recv()))
        except ConnectionClosed:
            self.closed_at = time.monotonic()

    def code(self, seconds: float) -> int:
        """Wait until it is closed; returns the code, 0 when it is still open."""
        self.thread.join(seconds)
        return 0 if self.thread.is_alive() else self.socket.close_code or 0

    def seen_at(self, true: Callable[[], bool]) -> float:
        """Wait until it has heard something; returns when it was seen."""
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, self.heard
            time.sleep(0.02)
        return time.monotonic()

    def events(self) -> list[str]:
        """Return the words that came through it."""
        return [event["text"] for message in self.heard for event in message.get("events", [])]


def sign_out(live: Live, session: str) -> None:
    """Press the button."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{live.port}/accounts/logout/",
        data=f"csrfmiddlewaretoken={TOKEN}".encode(),
        headers={
            "Host": f"localhost:{live.port}",
            "Origin": live.url,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}",
        },
    )
    urllib.request.build_opener(NoRedirect).open(request, timeout=10)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, req, fp, code, msg, headers):
        return fp


@contextmanager
def redis_still(still: bool):
    if still:
        STARTED[-1].send(signal.SIGSTOP)
    try:
        yield
    finally:
        if still:
            STARTED[-1].send(signal.SIGCONT)


@contextmanager
def doors(live: Live, world: World, stella: User) -> Iterator[tuple[Leave, dict[str, Door]]]:
    """Sam signs out, Jonas leaves Sam's care team, Stella no longer stands in, Lee's treatment ends; Noor stays."""
    restore_client(client=world.second, by=world.therapist, now=timezone.now())
    today = local(timezone.now(), world.therapist.zone).date()
    plan = Plan(user=world.therapist, stand_in=stella, first=today, back=today + timedelta(days=7))
    leave = take_leave(practice=world.practice, plan=plan, by=world.therapist, now=timezone.now())
    join_team(client=world.client, user=world.colleague, by=world.therapist, now=timezone.now())
    with world.scope():
        sams = Conversation.objects.get(client=world.client).pk
        lees = Conversation.objects.get(client=world.second).pk
    with ExitStack() as lines:
        opened = open_doors(lines, live, world, sams, lees)
        opened["stood in"] = Door(lines, live, sams, sign_in(stella))
        people = [world.client.user_id, world.second.user_id, world.colleague.pk, stella.pk, world.therapist.pk]
        until_listened_to(*(f"user.{pk}" for pk in people), *(f"conversation.{pk}" for pk in (sams, lees)))
        yield leave, opened


def open_doors(lines: ExitStack, live: Live, world: World, sams: int, lees: int) -> dict[str, Door]:
    return {
        "signed out": Door(lines, live, sams, sign_in(world.client.user)),
        "removed": Door(lines, live, sams, sign_in(world.colleague)),
        "archived": Door(lines, live, lees, sign_in(world.second.user)),
        "stays": Door(lines, live, sams, sign_in(world.therapist)),
    }


@pytest.mark.parametrize("tries", [TRIES, pytest.param(1, marks=pytest.mark.long)], ids=["short", "full"])
@pytest.mark.parametrize(("still", "within"), [(False, 1.0), (True, 6.0)], ids=["redis-is-there", "redis-stands-still"])
def test_socket_of_who_is_shut_out_closes_and_hears_nothing_more(request, live, still, within, tries):
    world = make_world()
    stella = make_staff(world.practice, "Stella Quinn", Role.THERAPIST)

    def scene() -> None:
        with doors(live, world, stella) as (leave, opened), redis_still(still):
            slowest = slowest_of_shut_out(live, world, leave, opened)
            archive_client(client=world.second, by=world.therapist, now=timezone.now())
            done = time.monotonic()
            slowest = max(slowest, opened["archived"].seen_at(lambda: STATE in opened["archived"].heard) - done)
            say_elsewhere(world, opened["stays"].conversation, world.therapist, WORDS)
            done = time.monotonic()
            told = opened["stays"].seen_at(lambda: opened["stays"].events() == [WORDS]) - done
            time.sleep(1)
            late = sum(bool(opened[what].events()) for what in ("signed out", "removed", "stood in"))
            assert opened["stays"].events() == [WORDS]
            assert (opened["stays"].code(0), opened["archived"].code(0)) == (0, 0)
        more = f"closed after {slowest:.1f} s at most" + (", Redis still" if still else "")
        tell(request, Told("27", None, 0, 0, late, more=more))
        assert late == 0
        in_time(slowest, within, "who is shut out is gone")
        in_time(told, within, "who stays hears")

    best_of(tries, scene)


def slowest_of_shut_out(live: Live, world: World, leave: Leave, opened: dict[str, Door]) -> float:
    """Shut out three people, one after the other; return the most seconds from that to the end of their socket."""
    now, slowest = timezone.now(), 0.0
    jonas = {"client": world.client, "user": world.colleague}
    for what, act, code in (
        ("signed out", lambda: sign_out(live, opened["signed out"].session), codes.SIGN_IN),
        ("removed", lambda: leave_team(**jonas, by=world.therapist, now=now), codes.NOT_YOURS),
        ("stood in", lambda: end_leave(leave=leave, by=world.therapist, now=timezone.now()), codes.NOT_YOURS),
    ):
        act()
        done = time.monotonic()
        assert (what, opened[what].code(PATIENCE)) == (what, code)
        slowest = max(slowest, opened[what].closed_at - done)
    return slowest
