"""Promise 4 for an archived client: the engine sends and the outbox mails while the therapist archives.

After the commit of the archiving nothing begins for them, and what was said to be cancelled is what was cancelled. Who
enrols them or comes in at that moment waits for its end.
"""

import json
import random
import re
import threading
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from clients.domain import inviting, letting_in
from clients.domain.archiving import archive_client
from clients.domain.inviting import accept, invite
from clients.domain.letting_in import come_in, show_code
from clients.events import client_archived
from clients.models import Client
from clients.queries.endings import what_was_cancelled
from homework.domain.auditing import audit_plans
from homework.domain.enrolling import enrol
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus, Enrolment
from practice import clock
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, Notification, NotificationStatus, SendAttempt
from tests.factories.activities import publish, publish_pathway
from tests.faults.told import seed_of
from tests.people import make_client, make_world

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
def test_nothing_begins_after_the_archiving_and_the_list_is_true(request, live_database, number):
    chance = random.Random(seed_of(request) + number)
    world = make_world()
    with world.scope():
        publish(world)
        start(world)
    work = Work(world)
    acts = enumerate((work.send, work.send, work.mail))
    threads = [threading.Thread(target=work.run, args=(number, act)) for number, act in acts]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.1, 0.6))
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


class Pause:
    """Holds who comes by in the midst of a transaction, until told to go on."""

    def __init__(self):
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *_args, **_kwargs):
        self.reached.set()
        assert self.go_on.wait(60)


def at_the_same_moment(pause, first, second):
    """Begin the second act while the pause holds the first: return whether it waited, and what either was told."""
    said = []

    def run(act):
        try:
            act()
        except Exception as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in (first, second)]
    threads[0].start()
    assert pause.reached.wait(60)
    threads[1].start()
    threads[1].join(0.5)
    waited = threads[1].is_alive()
    pause.go_on.set()
    for thread in threads:
        thread.join(60)
    return waited, said


@pytest.fixture
def archiving():
    """Holds an archiving before it commits."""
    pause = Pause()
    client_archived.connect(pause)
    yield pause
    client_archived.disconnect(pause)


def test_what_is_sent_while_the_archiving_is_not_committed_yet_is_refused(live_database, archiving):
    """Who enrols at that moment waits for its end, and is told: else a send would begin for who has left."""
    world = make_world()
    with world.scope():
        publish(world)
        version = publish_pathway(world, {"kind": "interval", "days": 0})

    def put_on_the_pathway():
        enrol(
            client=world.client, pathway_version=version, start_local=clock.local(world.now, BERLIN), tz=BERLIN,
            by=world.therapist, now=world.now,
        )  # fmt: skip

    waited, said = at_the_same_moment(archiving, lambda: end_treatment(world, world.client), put_on_the_pathway)
    assert (waited, said) == (True, ["Sam is archived. Nothing can be sent."])
    with world.scope():
        assert not Enrolment.objects.exists()


def end_treatment(world, client):
    archive_client(client=client, by=world.therapist, now=world.now)


def by_link(world, ivy):
    """Return what opens the portal by the link in the mail."""
    invite(client=ivy, by=world.therapist, now=world.now)
    with world.scope():
        row = Notification.objects.filter(user=ivy.user, payload__isnull=False).latest("pk")
    token = re.search(r"/invitation/([^/\s]+)/", json.loads(row.payload)["text"])[1]
    return lambda: accept(token=token, now=world.now)


def by_code(world, ivy):
    """Return what opens it by the code on the therapist's screen."""
    _shown, code = show_code(client=ivy, by=world.therapist, now=world.now)
    return lambda: come_in(code=code, now=world.now)


@pytest.fixture
def ivy(live_database):
    """A world, and a client in it who hasn't come in yet."""
    world = make_world()
    return world, make_client(world.practice, "Ivy New", world.therapist, ready=False)


def how_it_stands(world, client):
    """Whether the client has come in, and whether their treatment has ended."""
    with world.scope():
        row = Client.objects.get(pk=client.pk)
    return row.joined_at is not None, row.has_ended


@pytest.mark.parametrize(
    ("door", "words"),
    [
        (by_link, "This invitation is no longer open. Ask the practice."),
        (by_code, "This code doesn't work, or no longer. Ask for a new one."),
    ],
)
def test_who_comes_in_while_the_archiving_is_not_committed_yet_is_refused(ivy, archiving, door, words):
    """Else they would come in after their treatment has ended, who never were in it."""
    world, client = ivy
    waited, said = at_the_same_moment(archiving, lambda: end_treatment(world, client), door(world, client))
    assert (waited, said) == (True, [words])
    assert how_it_stands(world, client) == (False, True)


@pytest.mark.parametrize("door", [by_link, by_code])
def test_archiving_waits_for_who_is_coming_in(ivy, monkeypatch, door):
    """Neither waits for the other in a circle: both lock the client first."""
    world, client = ivy
    pause, join = Pause(), inviting.join

    def hold_and_join(**who):
        pause()
        join(**who)

    for module in (inviting, letting_in):
        monkeypatch.setattr(module, "join", hold_and_join)
    waited, said = at_the_same_moment(pause, door(world, client), lambda: end_treatment(world, client))
    assert (waited, said) == (True, [])
    assert how_it_stands(world, client) == (True, True)
