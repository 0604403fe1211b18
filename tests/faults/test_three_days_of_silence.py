"""Fault 11: beat was dead for three days. The portal is complete; what is too late shows as expired; nobody gets more
than one notification by a channel; nothing rings at night; what is about a risk goes first."""

from datetime import timedelta

import pytest
from django.db import connection

from clients.models import Client
from homework.domain.enrolling import send_activity
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus
from practice.notifications.channelling import ensure_channels
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel, Notification, NotificationStatus
from tests.factories.activities import publish
from tests.factories.crowd import many_clients
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.timeout(280)]
EACH = 25
COPIES = """
SET LOCAL session_replication_role = replica;
INSERT INTO homework_assignment (practice_id, client_id, recipient_id, rater, enrolment_id, step, occurrence, plan_rev,
  activity_version_id, local_at, tz, send_at, expires_at, status)
SELECT a.practice_id, c.id, c.user_id, a.rater, a.enrolment_id, a.step, c.id * 100 + n, a.plan_rev,
  a.activity_version_id, a.local_at, a.tz, a.send_at + n * interval '195 minutes',
  CASE WHEN n %% 5 = 0 THEN a.send_at + n * interval '195 minutes' + interval '1 day' END, a.status
FROM homework_assignment a, clients_client c, generate_series(1, %(each)s) n WHERE c.practice_id = a.practice_id;
SET LOCAL session_replication_role = DEFAULT
"""


class Collecting(Sender):
    """A provider that takes everything and remembers to whom."""

    channel, has_provider = Channel.EMAIL, False

    def __init__(self):
        self.to = []

    def send(self, letter):
        self.to.append(letter.to)
        return Result(Outcome.ACCEPTED, "1")


@pytest.fixture
def overdue(world, request):
    """So many clients with 25 things each that became due in the last three days; returns how many rows."""
    many_clients(world, request.param)
    with world.scope():
        send_activity(
            clients=[world.client], activity_version=publish(world), at_local=None, by=world.therapist, now=world.now
        )
        ensure_channels(list(Client.objects.values_list("user_id", flat=True)))
        with connection.cursor() as cursor:
            cursor.execute(COPIES, {"each": EACH})
        yield Assignment.objects.count()


CLIENTS = pytest.mark.parametrize("overdue", [40, pytest.param(2_000, marks=pytest.mark.long)], indirect=True)


def everything_goes_out(moment, sender, *, until):
    """Engine and outbox take turns every minute, as their ticks do."""
    while moment <= until:
        drain(moment=moment, seconds=None, batch=500)
        deliver(channel=Channel.EMAIL, moment=moment, sender=sender, seconds=120)
        moment += timedelta(minutes=1)


@CLIENTS
def test_after_three_days_everybody_has_everything_and_one_mail_by_day(world, overdue, request):
    back = world.now + timedelta(days=3, hours=11)  # midnight in Berlin
    enqueue(
        kind="attention", user_ids=[world.therapist.pk], practice_id=world.practice.pk, subject_type="user",
        subject_id=1, now=back, channels=[Channel.EMAIL],
    )  # fmt: skip
    night = Collecting()
    everything_goes_out(back, night, until=back + timedelta(minutes=3))
    rows = Assignment.objects.values_list("status", flat=True)
    sent, expired = list(rows).count(AssignmentStatus.SENT), list(rows).count(AssignmentStatus.EXPIRED)
    assert night.to == [world.therapist.email]
    day = Collecting()  # the night ends at eight, in each one's own zone
    everything_goes_out(back + timedelta(hours=8), day, until=back + timedelta(hours=9, minutes=2))
    twice = len(day.to) - len(set(day.to))
    waiting = Notification.objects.filter(status__in=[NotificationStatus.READY, NotificationStatus.LEASED])
    late = Notification.objects.filter(last_error="late", channel=Channel.EMAIL).count()
    tell(request, Told("11", lost=overdue - sent - expired, doubled=twice, late=late, more=f"{expired} expired"))
    assert (sent + expired, twice, waiting.count()) == (overdue, 0, 0)
    assert expired == Assignment.objects.filter(expires_at__lte=back).count() > 0
    reached = Client.objects.filter(practice=world.practice).count()
    assert len(day.to) == reached
    in_app = Notification.objects.filter(channel=Channel.IN_APP, kind=30)
    assert in_app.count() == sent


@CLIENTS
def test_by_day_what_is_about_a_risk_goes_first_and_each_gets_one(world, overdue, request):
    back = world.now + timedelta(days=3, hours=1)
    sender = Collecting()
    drain(moment=back, seconds=None, batch=500)
    enqueue(
        kind="attention", user_ids=[world.therapist.pk], practice_id=world.practice.pk, subject_type="user",
        subject_id=1, now=back, channels=[Channel.EMAIL],
    )  # fmt: skip
    everything_goes_out(back, sender, until=back + timedelta(minutes=4))
    tell(request, Told("11 by day", doubled=len(sender.to) - len(set(sender.to)), more=f"{len(sender.to)} mails"))
    assert sender.to[0] == world.therapist.email
    assert len(set(sender.to)) == len(sender.to) == Client.objects.filter(practice=world.practice).count() + 1
