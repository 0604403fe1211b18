"""The page about delivery: what admins see, and what they do about what was given up."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from practice.audit.models import AuditEvent
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, EngineLane, Notification, NotificationStatus
from practice.notifications.retrying import CannotRetry, discard, try_again
from practice.notifications.tallying import figures_of, tally
from practice.pages.delivery import lane_lines
from tests.factories.outbox import dead_mail, mail

QUERIES = 13
Status = NotificationStatus


@pytest.fixture
def now():
    return timezone.now()


def lane(name, now, **fields):
    EngineLane.objects.update_or_create(name=name, defaults={"last_tick_at": now, **fields})


def test_figures_are_those_of_the_practice_alone(world, now):
    for seconds in range(100):
        left = {"status": Status.ACCEPTED, "done_at": now, "not_before": now - timedelta(seconds=seconds)}
        mail(world.client, now=now, generation=seconds, **left)
    mail(world.client, now=now - timedelta(minutes=3), generation=200)
    mail(world.other_client, now=now - timedelta(hours=3))
    found = figures_of(Channel.EMAIL, world.practice.pk, now, now - timedelta(days=1))
    assert (found.waiting, round(found.p99_seconds)) == (1, 98)
    assert now - found.oldest == timedelta(minutes=3)


def test_tally_by_reason_within_a_day_and_a_week(world, now):
    def ended(generation, status, days, error=""):
        done = now - timedelta(days=days, hours=1)
        mail(world.client, now=now, generation=generation, status=status, done_at=done, last_error=error)

    ended(1, Status.ACCEPTED, 0)
    ended(2, Status.ACCEPTED, 3)
    ended(3, Status.SUPPRESSED, 0, "late")
    ended(4, Status.DEAD, 6, "dead 554")
    ended(5, Status.ACCEPTED, 8)
    dead_mail(world.other_client, now=now)
    rows = [(str(r.status), r.reason, r.day, r.week) for r in tally(practice_id=world.practice.pk, now=now)]
    assert rows == [("accepted", "", 1, 2), ("given up", "dead 554", 0, 1), ("not sent", "late", 1, 1)]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "runs"),
        ({"hold": True, "hold_reason": "a copy"}, "on hold"),
        ({"last_tick_at": timedelta(minutes=-5)}, "silent"),
        ({"open_until": timedelta(seconds=20), "oldest_due_at": timedelta(minutes=-9)}, "resting"),
        ({"oldest_due_at": timedelta(minutes=-9)}, "late"),
        ({"oldest_due_at": timedelta(minutes=-9), "last_drained_at": timedelta(seconds=-9)}, "runs"),
    ],
)
def test_state_of_a_lane(world, now, fields, state):
    lane("outbox-email", now, **{k: now + v if isinstance(v, timedelta) else v for k, v in fields.items()})
    states = {str(line.label): line.state for line in lane_lines(practice_id=world.practice.pk, now=now)}
    assert states["E-mail"] == state
    assert states["Homework and forms"] == "never ran"


def test_a_drain_writes_down_since_when_something_waits(world, now):
    from practice.notifications.channels import Outcome, Result, Sender

    class Deaf(Sender):
        channel = Channel.EMAIL

        def send(self, letter):
            return Result(Outcome.ACCEPTED)

    mail(world.client, now=now - timedelta(minutes=3))
    deliver(channel=Channel.EMAIL, sender=Deaf(), moment=now)
    row = EngineLane.objects.get(name="outbox-email")
    assert (row.oldest_due_at, row.last_drained_at) == (None, now)
    mail(world.client, now=now - timedelta(minutes=2), generation=1)
    deliver(channel=Channel.EMAIL, sender=Deaf(), moment=now, seconds=0.0)
    row.refresh_from_db()
    assert (now - row.oldest_due_at, row.last_drained_at) == (timedelta(minutes=2), now)


def test_trying_again_gives_all_tries_back_and_is_on_the_record(world, now):
    row = dead_mail(world.client, now=now - timedelta(days=2))
    try_again(notification=row, by=world.admin, now=now)
    with world.scope():
        row = Notification.objects.get(pk=row.pk)
        trace = AuditEvent.objects.latest("pk")
    assert (row.status, row.attempts, row.not_before, row.done_at) == (Status.READY, 0, now, None)
    assert row.expires_at > now
    assert (trace.verb, trace.actor, trace.subject_ref) == ("delivery_retried", world.admin, row.pk)
    with pytest.raises(CannotRetry):
        try_again(notification=row, by=world.admin, now=now)


def test_what_had_words_of_its_own_is_not_tried_again(world, now):
    row = dead_mail(world.client, now=now, kind="invitation")
    with pytest.raises(CannotRetry, match="wiped"):
        try_again(notification=row, by=world.admin, now=now)


def test_discarding_takes_it_off_the_list_and_leaves_it_in_the_log(world, now):
    row = dead_mail(world.client, now=now)
    discard(notification=row, by=world.admin, now=now)
    with world.scope():
        assert Notification.objects.get(pk=row.pk).last_error == "discarded"
        assert AuditEvent.objects.latest("pk").verb == "delivery_discarded"
    with pytest.raises(CannotRetry):
        discard(notification=row, by=world.admin, now=now)


def test_page_says_what_was_given_up_and_costs_the_same_for_many(world, now, django_assert_num_queries):
    admin = world.as_(world.admin)
    assert "Nothing was given up" in admin.get("/desk/delivery/").content.decode()
    dead_mail(world.client, now=now, generation=1000)
    with django_assert_num_queries(QUERIES):
        admin.get("/desk/delivery/")
    for generation in range(60):
        dead_mail(world.client, now=now, generation=generation)
    dead_mail(world.client, now=now, generation=99, kind="invitation")
    with django_assert_num_queries(QUERIES):
        page = admin.get("/desk/delivery/").content.decode()
    assert page.count("Try again") == 49
    assert "Its link was wiped" in page
    assert world.client.user.name not in page


def test_buttons_do_what_they_say(world, now):
    admin = world.as_(world.admin)
    row, other = dead_mail(world.client, now=now), dead_mail(world.client, now=now, generation=1)
    assert "tried again" in admin.post(f"/desk/delivery/{row.pk}/retry/", follow=True).content.decode()
    assert "stays in the log" in admin.post(f"/desk/delivery/{other.pk}/discard/", follow=True).content.decode()
    assert admin.post(f"/desk/delivery/{row.pk}/retry/").status_code == 404
    with world.scope(), pytest.raises(ObjectDoesNotExist):
        Notification.objects.get(pk=row.pk, status=Status.DEAD)
