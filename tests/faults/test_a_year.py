"""Fault 20: a year passes under a moving clock, for people in odd zones on three pathways each, who are paused, moved,
answered for and left out, while workers die amid batches. Nothing is lost, doubled or sent outside its time.

In full it takes 1,000 people; `YEAR_CLIENTS=10000 pytest -m long tests/faults/test_a_year.py` takes as many as one has
patience for. The clock moves in steps of 2 to 40 hours, and a plan is good for 20 days instead of one (it reaches 35
days ahead): else nearly all of the time would go into planning anew, each day, what stays the same.
"""

import os
import random
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count, F

from clients.models import Client
from homework.domain import planning, sending, steering
from homework.domain.answering import CannotAnswer, submit
from homework.domain.auditing import audit_plans
from homework.domain.expiring import close_due
from homework.domain.planning import plan_due
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus, Enrolment, EnrolmentStatus
from practice import clock
from practice.notifications.channelling import ensure_channels
from practice.notifications.models import Channel, Notification
from tests.factories.activities import publish, publish_pathway
from tests.factories.crowd import many_clients
from tests.faults.told import Told, seed_of, tell

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True), pytest.mark.timeout(14_000)]
S = AssignmentStatus
ZONES = [
    "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Havana",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "Europe/Dublin", "Europe/Kyiv", "Europe/Berlin",
]  # fmt: skip
WEEKLY = {"kind": "weekly", "weekdays": ["mo", "th"], "at": "18:00", "count": 70}
PATHWAYS = {
    "weekly": [WEEKLY],
    "chain": [{"kind": "interval", "days": 0}, *[{"kind": "interval", "days": 9, "from": "previous_sent"}] * 11],
    "answers": [{"kind": "interval", "days": 0}, *[{"kind": "after_completed", "days": 3, "at": "00:30"}] * 8],
}
YEAR_CLIENTS = int(os.environ.get("YEAR_CLIENTS", "1000"))
CLOSES = {"chain": {"open_days": 6}, "answers": {"open_days": 6}}  # what is weekly stays open
GOOD_FOR = timedelta(days=20)
TIDY_EVERY = timedelta(days=10)


class Died(Exception):
    """A worker that was killed."""


class Year:
    """The people, their pathways, and the clock."""

    def __init__(self, world, clients, chance):
        self.world, self.chance, self.now, self.crashes, self.acts = world, chance, world.now, 0, 0
        publish(world)
        versions = [
            publish_pathway(world, *timings, key=key, **CLOSES.get(key, {})) for key, timings in PATHWAYS.items()
        ]
        many_clients(world, clients)
        people = list(Client.objects.filter(therapist=world.therapist).order_by("-pk")[:clients])
        ensure_channels([client.user_id for client in people])
        self.ids = [row.pk for row in Enrolment.objects.bulk_create(self.enrolments(people, versions), 1000)]
        self.busy = max(1, clients // 50)
        self.tick()

    def enrolments(self, people, versions):
        """One a client and pathway, that the planner has yet to plan."""
        for number, client in enumerate(people):
            zone = ZONES[number % len(ZONES)]
            for version in versions:
                yield Enrolment(
                    practice=self.world.practice,
                    client=client,
                    recipient_id=client.user_id,
                    pathway_version=version,
                    tz=zone,
                    start_local=clock.local(self.now, zone),
                    created_at=self.now,
                )

    def pass_by(self, until):
        tidied = self.now
        while self.now < until:
            if self.now - tidied > TIDY_EVERY:
                tidied = self.now
                tidy()
            self.now += timedelta(hours=self.chance.uniform(2, 40))
            self.tick()
            for _act in range(self.chance.randint(0, 4 * self.busy)):
                self.act()

    def tick(self):
        if self.chance.random() < 0.1:
            self.crash()
        drain(moment=self.now, seconds=None)
        close_due(moment=self.now)
        plan_due(now=self.now, seconds=10**6)
        drain(moment=self.now, seconds=None)

    def crash(self):
        point, before = self.chance.choice(["before_claim", "after_claim"]), sending.crash_if

        def die(at):
            if at == point:
                raise Died

        sending.crash_if = die
        try:
            drain(moment=self.now, seconds=None, batch=self.chance.choice([3, 1000]))
        except Died:
            self.crashes += 1
        finally:
            sending.crash_if = before

    def act(self):
        enrolment = Enrolment.objects.get(pk=self.chance.choice(self.ids))
        if enrolment.status == EnrolmentStatus.ENDED:
            return
        rows = Assignment.objects.filter(enrolment=enrolment).select_related("client__user")
        acts = [self.answer, self.answer, self.answer, self.turn, self.skip, self.move]
        try:
            self.chance.choice(acts)(enrolment, rows)
            self.acts += 1
        except (steering.CannotSteer, CannotAnswer):
            pass

    def answer(self, enrolment, rows):
        row = rows.filter(status=S.SENT).first()
        if row:
            submit(assignment=row, by=row.client.user, now=self.now)

    def turn(self, enrolment, rows):
        paused = enrolment.status == EnrolmentStatus.PAUSED
        (steering.resume if paused else steering.pause)(enrolment=enrolment, by=None, now=self.now)

    def skip(self, enrolment, rows):
        row = rows.filter(status=S.SCHEDULED).order_by("send_at").first()
        if row:
            steering.skip(assignment=row, by=None, now=self.now)

    def move(self, enrolment, rows):
        steering.move_zone(enrolment=enrolment, tz=self.chance.choice(ZONES), by=None, now=self.now)


def tidy():
    """As autovacuum would, which sleeps in the tests."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def resume_all(year):
    for enrolment in Enrolment.objects.filter(status=EnrolmentStatus.PAUSED):
        steering.resume(enrolment=enrolment, by=None, now=year.now)
    year.tick()


@pytest.mark.parametrize(
    ("clients", "days"), [(12, 60), pytest.param(YEAR_CLIENTS, 365, marks=pytest.mark.long)], ids=["short", "year"]
)
def test_a_year_loses_and_doubles_nothing(world, request, monkeypatch, clients, days):
    monkeypatch.setattr(planning, "GOOD_FOR", GOOD_FOR)
    seed, began = seed_of(request), time.monotonic()
    with world.scope():
        year = Year(world, clients, random.Random(seed))
        year.pass_by(world.now + timedelta(days=days))
        resume_all(year)
        sent = Assignment.objects.filter(sent_at__isnull=False)
        told = Notification.objects.filter(kind=30, channel=Channel.IN_APP)
        twice = told.values("subject_id").annotate(n=Count("pk")).filter(n__gt=1).count()
        lost = Assignment.objects.filter(status=S.SCHEDULED, send_at__lte=year.now).count()
        early = sent.filter(sent_at__lt=F("send_at")).count()
        late = sent.filter(sent_at__gt=F("send_at") + timedelta(hours=41)).count()
        weekly = sent.filter(enrolment__pathway_version__pathway__key="weekly").values_list("local_at", flat=True)
        astray = [wall for wall in weekly if (wall.weekday() not in {0, 3}) or (wall.hour, wall.minute) != (18, 0)]
        more = (
            f"{clients} people, {days} days, {sent.count()} sent, {year.acts} acts, {year.crashes} crashes,"
            f" {early + len(astray)} outside their time, {time.monotonic() - began:.0f} s"
        )
        tell(request, Told("20", seed, lost, twice, late, more=more))
        assert (lost, twice, early, late, astray) == (0, 0, 0, 0, [])
        assert told.count() == sent.count() > clients * days / 10
        found = audit_plans()
        assert (found.scheduled_under_stopped, found.running_without_future) == ([], [])
