"""Fault 28: a risk answer at the worst moment. Either all of it is there, the answer, the critical item and the
notifications, or nothing; and without Redis the therapist's mail still leaves within ten seconds of the restart."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection, connections

from clients.models import AttentionItem, Client
from homework.domain.answering import save_answer
from homework.domain.enrolling import send_activity
from homework.models import Answer, Assignment
from practice.contributions import NOTIFICATION_KINDS
from practice.notifications.models import Channel, Notification
from tests.alliance.homework import activity_with, leave, sent
from tests.faults.told import Told, tell
from tests.faults.tries import PATIENCE, TRIES, best_of, in_time
from tests.live import Live
from tests.people import World, make_client, make_world
from tests.starting import STARTED

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]
KILLED, MOST_STATEMENTS = 9, 120
RECOVERY = 10  # seconds after the restart, from the list of faults
PROCESSES = ("engine", "worker", "beat")


class DiesAfter:
    """Counts statements and kills this process, without clean-up, after the nth."""

    def __init__(self, n: int) -> None:
        self.n, self.seen = n, 0

    def __call__(self, execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        self.seen += 1
        if self.seen == self.n:
            os._exit(KILLED)
        return done


def save(sheet: Assignment, client: Client) -> None:
    save_answer(
        assignment=sheet,
        block_id="form",
        value={"answers": {"9": 2}},
        rev=0,
        save_uuid=uuid4(),
        by=client.user,
        now=datetime.now(UTC),
    )


def save_in_a_process_that_dies(sheet: Assignment, world: World, *, after: int) -> int:
    """Return the exit code of a child that saves and is killed after so many statements."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            with connection.execute_wrapper(DiesAfter(after)):
                save(sheet, world.client)
            os._exit(0)
        except BaseException:
            os._exit(3)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def there(world: World) -> tuple[int, int, int]:
    """Return how many answers, risk items and notifications about them there are."""
    kinds = [kind.number for key, kind in NOTIFICATION_KINDS.items() if "risk" in key or "attention" in key]
    with world.scope():
        items = AttentionItem.objects.filter(kind="risk")
        told = Notification.objects.filter(kind__in=kinds)
        return Answer.objects.count(), items.count(), told.count()


def mails_to(live: Live, world: World) -> list[EmailMessage]:
    return [mail for mail in live.mails() if world.therapist.email in mail["To"]]


def wait_until(true, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture
def world(live_database) -> World:
    return make_world()


def test_whatever_kills_the_process_answer_item_and_notifications_stand_or_fall_together(world, request):
    with world.scope():
        sheet = sent(world, "phq-9")
    crashes = 0
    for n in range(1, MOST_STATEMENTS):
        code = save_in_a_process_that_dies(sheet, world, after=n)
        assert code in {0, KILLED}
        found = there(world)
        assert found == (0, 0, 0) or all(found), f"after statement {n}: {found}"
        if code == 0 or all(found):
            break
        crashes += 1
    tell(
        request, Told("28", lost=0, doubled=max(there(world)[:2]) - 1, more=f"{crashes} crashes, nothing half-written")
    )
    assert crashes > 10
    assert all(there(world))


@pytest.mark.parametrize("tries", [TRIES, pytest.param(1, marks=pytest.mark.long)], ids=["short", "full"])
def test_without_redis_the_mail_leaves_within_ten_seconds_of_the_restart(live, world, request, tries):
    with world.scope():
        form = activity_with(world, "phq-9")
        ray = make_client(world.practice, "Ray Third", world.therapist)
    clients = iter([world.client, world.second, ray])
    live.start("mail", *PROCESSES)

    def scene() -> None:
        client, mails, before = next(clients), len(mails_to(live, world)), there(world)
        for name in PROCESSES:
            live.kill(name)
        with redis_still(), world.scope():
            by = {"by": world.therapist, "now": world.now}
            (enrolment,) = send_activity(clients=[client], activity_version=form, at_local=None, **by)
            save(leave(Assignment.objects.get(enrolment=enrolment), world.now), client)
            assert all(now > then for now, then in zip(there(world), before, strict=True))
        assert redis.Redis.from_url(settings.REDIS_URL).ping()
        assert len(mails_to(live, world)) == mails
        live.start(*PROCESSES)
        up = time.monotonic()
        wait_until(lambda: len(mails_to(live, world)) > mails, PATIENCE)
        recovery = time.monotonic() - up
        came = len(mails_to(live, world)) - mails
        tell(request, Told("28 without Redis", None, int(not came), came - 1, None, recovery))
        assert came == 1, live.logs()
        in_time(recovery, RECOVERY, "the mail is at the sink")

    best_of(tries, scene)
    with world.scope():
        assert Notification.objects.filter(channel=Channel.EMAIL, user=world.therapist).exists()


@contextmanager
def redis_still() -> Iterator[None]:
    """This process's Redis answers nothing."""
    STARTED[-1].send(signal.SIGSTOP)
    try:
        yield
    finally:
        STARTED[-1].send(signal.SIGCONT)
