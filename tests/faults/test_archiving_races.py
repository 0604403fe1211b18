"""Promise 4 for an archived client: the engine sends and the outbox mails while the therapist archives.

After the commit of the archiving nothing begins for them, and what was said to be cancelled is what was cancelled.
"""

import random
import threading
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from clients.domain.archiving import archive_client
from clients.events import client_archived
from clients.queries.endings import what_was_cancelled
from homework.domain.auditing import audit_plans
from homework.domain.enrolling import CannotEnrol, enrol
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus, Enrolment
from practice import clock
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, Notification, NotificationStatus, SendAttempt
from tests.factories.activities import publish, publish_pathway
from tests.people import make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]
ROUNDS, ENROLMENTS = 8, 6
BERLIN = "Europe/Berlin"


class Work:
    """Engine and outbox on a clock that runs ahead, until told to stop."""

    def __init__(self, world):
        self.now, self.wrong, self.over, self.turns = world.now, [], threading.Event(), Counter()

    def moment(self) -> datetime:
        self.now += timedelta(minutes=7)
        return self.now

    def send(self):
        drain(moment=self.moment(), batch=5)

    def mail(self):
        deliver(channel=Channel.EMAIL, moment=self.moment())

    def until_each_took(self, turns):
        """Wait until each thread has begun and ended so many turns from now on."""
        before, deadline = Counter(self.turns), time.monotonic() + 60
        while min(self.turns[number] - before[number] for number in range(3)) <= turns:
            assert self.wrong == []
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def run(self, number, work):
        try:
            while not self.over.is_set():
                work()
                self.turns[number] += 1
        except Exception as error:
            self.wrong.append(repr(error))
        finally:
            connection.close()


def start(world):
    """Plan something for every quarter of an hour of two days."""
    steps = [{"kind": "interval", "hours": 1, "from": "previous_sent"}] * 20
    version = publish_pathway(world, {"kind": "interval", "days": 0}, *steps)
    for _each in range(ENROLMENTS):
        enrol(
            client=world.client, pathway_version=version, start_local=clock.local(world.now, BERLIN), tz=BERLIN,
            by=world.therapist, now=world.now,
        )  # fmt: skip


def state(world):
    """What has begun for the client: sends, and calls to the mail server."""
    with world.scope():
        sent = Assignment.objects.filter(client=world.client, sent_at__isnull=False).count()
        called = SendAttempt.objects.filter(notification__user=world.client.user).count()
    return sent, called


@pytest.mark.parametrize("number", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, ROUNDS))])
def test_nothing_begins_after_the_archiving_and_the_list_is_true(live_database, number):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    world = make_world()
    with world.scope():
        publish(world)
        start(world)
    work = Work(world)
    acts = enumerate((work.send, work.send, work.mail))
    threads = [threading.Thread(target=work.run, args=(number, act)) for number, act in acts]
    for thread in threads:
        thread.start()
    time.sleep(random.Random(seed).uniform(0.1, 0.6))
    archive_client(client=world.client, by=world.therapist, now=work.now)
    work.until_each_took(1)  # a call that had begun ends
    after = state(world)
    work.until_each_took(3)
    assert state(world) == after
    work.over.set()
    for thread in threads:
        thread.join(30)
    assert work.wrong == []
    with world.scope():
        _ending, lines = what_was_cancelled(world.client)
        gone = Assignment.objects.filter(client=world.client, status=AssignmentStatus.CANCELLED)
        assert len(lines) == gone.count() > 0
        left = Notification.objects.filter(user=world.client.user, status=NotificationStatus.READY)
        assert not left.exists()
    assert audit_plans().scheduled_under_stopped == []


def test_what_is_sent_while_the_archiving_is_not_committed_yet_is_refused(live_database):
    """Who enrols at that moment waits for its end, and is told: else a send would begin for who has left."""
    world = make_world()
    with world.scope():
        publish(world)
        version = publish_pathway(world, {"kind": "interval", "days": 0})
    listed, go_on, said = threading.Event(), threading.Event(), []

    def hold(**kwargs):
        listed.set()
        go_on.wait(60)

    def put_on_the_pathway():
        try:
            enrol(
                client=world.client, pathway_version=version, start_local=clock.local(world.now, BERLIN), tz=BERLIN,
                by=world.therapist, now=world.now,
            )  # fmt: skip
        except CannotEnrol as refused:
            said.append(str(refused))
        finally:
            connection.close()

    def end_treatment():
        archive_client(client=world.client, by=world.therapist, now=world.now)
        connection.close()

    client_archived.connect(hold)
    try:
        archiver, therapist = threading.Thread(target=end_treatment), threading.Thread(target=put_on_the_pathway)
        archiver.start()
        assert listed.wait(60)
        therapist.start()
        therapist.join(0.5)
        go_on.set()
        archiver.join(60)
        therapist.join(60)
    finally:
        client_archived.disconnect(hold)
    assert said == ["Sam is archived. Nothing can be sent."]
    with world.scope():
        assert not Enrolment.objects.exists()
