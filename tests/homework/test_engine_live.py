"""The whole way of a send, by real processes: planned here, sent by beat and worker, mailed to a real sink."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from homework.domain.enrolling import send_activity
from homework.models import Assignment, AssignmentStatus
from practice import clock
from practice.notifications.models import Channel, Notification, NotificationStatus
from tests.factories.activities import publish
from tests.people import make_world

pytestmark = pytest.mark.timeout(200)


def wait_for(found, seconds=90):
    """What `found` returns, once it is true."""
    deadline = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return value


def test_due_homework_is_sent_and_mailed_by_beat_and_worker(live):
    world = make_world()
    live.start("mail", "engine", "worker", "beat")
    with world.scope():
        world.client.quiet_from = world.client.quiet_until  # whatever the hour is while this runs
        world.client.save()
        due = timezone.now() + timedelta(seconds=6)
        send_activity(
            clients=[world.client], activity_version=publish(world), at_local=clock.local(due, "Europe/Berlin"),
            by=world.therapist, now=timezone.now(),
        )  # fmt: skip
        assert wait_for(live.mails), live.logs()
        accepted = Notification.objects.filter(channel=Channel.EMAIL, status=NotificationStatus.ACCEPTED)
        assert wait_for(accepted.exists), live.logs()  # the sink has a mail a moment before its row says so
        (mail,) = live.mails()
        row = Assignment.objects.get()
        notification = accepted.get()
        assert (row.status, row.sent_at >= due) == (AssignmentStatus.SENT, True)
        assert (mail["To"], mail["Message-ID"]) == (world.client.user.email, notification.provider_ref)
