"""From enrolling to sent: what is planned, when it leaves, what steering changes."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from clients.events import client_moved
from homework.domain import sending, steering
from homework.domain.auditing import audit_plans
from homework.domain.enrolling import CannotEnrol, enrol, preview_enrolment, send_activity
from homework.domain.expiring import close_due
from homework.domain.planning import plan_anew, plan_due
from homework.domain.sending import drain
from homework.domain.timing import Planned
from homework.models import Activity, ActivityVersion, Assignment, AssignmentStatus, Enrolment, Pathway, PathwayVersion
from practice import clock
from practice.notifications import judging
from practice.notifications.channelling import set_channels
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, EngineLane, Notification, NotificationStatus, UserChannel

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"
S = AssignmentStatus


def publish(world, slug="walk", **fields):
    activity = Activity.objects.create(practice=world.practice, slug=slug, title=slug, created_at=world.now)
    content = {"format": 1, "pages": []}
    activity.latest = ActivityVersion.objects.create(
        practice=world.practice,
        activity=activity,
        number=1,
        title=slug,
        content=content,
        published_at=world.now,
        **fields,
    )
    activity.save()
    return activity.latest


def pathway(world, *timings, **step):
    made = Pathway.objects.create(practice=world.practice, key="way", title="Way", created_at=world.now)
    steps = [
        {"key": f"s{number}", "activity": "walk", "timing": timing, **step}
        for number, timing in enumerate(timings, start=1)
    ]
    return PathwayVersion.objects.create(
        practice=world.practice, pathway=made, number=1, title="Way", steps=steps, published_at=world.now
    )


@pytest.fixture
def elm(world):
    with world.scope():
        publish(world)
        yield world


def start(world, *timings, client=None, at=None, **step):
    begin = at or clock.local(world.now, BERLIN)
    return enrol(
        client=client or world.client, pathway_version=pathway(world, *timings, **step), start_local=begin, tz=BERLIN,
        by=world.therapist, now=world.now,
    )  # fmt: skip


def states(enrolment):
    rows = Assignment.objects.filter(enrolment=enrolment).order_by("step", "occurrence")
    return [(row.step, row.occurrence, S(row.status).name) for row in rows]


NOW = {"kind": "interval", "days": 0}
LATER = {"kind": "interval", "days": 3, "at": "09:00"}
DONE = {"kind": "after_completed", "days": 1}


def test_enrolment_is_planned_as_previewed(elm):
    timings = [NOW, LATER, DONE, {"kind": "weekly", "weekdays": ["mo"], "at": "18:00", "count": 3}, {"kind": "date"}]
    enrolment = start(elm, *timings)
    preview = preview_enrolment(
        client=elm.client, pathway_version=enrolment.pathway_version, start_local=enrolment.start_local
    )
    dated = {(one.step, one.occurrence): one.send_at for one in preview.rows if isinstance(one, Planned)}
    rows = Assignment.objects.filter(enrolment=enrolment, status=S.SCHEDULED)
    assert {(row.step, row.occurrence): row.send_at for row in rows} == dated
    assert states(enrolment)[2] == ("s3", 1, "PLANNED")


def test_due_rows_are_sent_once_with_their_notifications(elm):
    enrolment = start(elm, NOW, LATER)
    assert drain(moment=elm.now + timedelta(seconds=1)).sent == 1
    assert drain(moment=elm.now + timedelta(seconds=2)).sent == 0
    assert states(enrolment) == [("s1", 1, "SENT"), ("s2", 1, "SCHEDULED")]
    told = Notification.objects.order_by("channel").values_list("user_id", "channel", "status")
    assert list(told) == [
        (elm.client.user_id, Channel.IN_APP, NotificationStatus.DELIVERED),
        (elm.client.user_id, Channel.EMAIL, NotificationStatus.READY),
    ]


def test_nothing_leaves_before_its_time(elm):
    start(elm, LATER)
    due = Assignment.objects.get().send_at
    assert drain(moment=due - timedelta(seconds=1)).sent == 0
    assert drain(moment=due).sent == 1


def test_what_a_move_to_another_zone_put_off_waits_whatever_is_planned_anew(elm):
    enrolment = start(elm, {"kind": "interval", "hours": 3}, LATER)
    moved = elm.now + timedelta(hours=2)
    steering.move_zone(enrolment=enrolment, tz="Asia/Kathmandu", by=None, now=moved)
    soonest = moved + timedelta(minutes=30)
    assert Assignment.objects.get(step="s1").send_at == soonest
    plan_anew(enrolment_id=enrolment.pk, practice_id=elm.practice.pk, now=moved)
    assert Assignment.objects.get(step="s1").send_at == soonest
    assert drain(moment=soonest - timedelta(minutes=1)).sent == 0
    assert drain(moment=soonest).sent == 1


def mail_of(kind):
    return Notification.objects.filter(kind=kind, channel=Channel.EMAIL)


def test_choice_for_one_kind_is_obeyed_by_the_claim(elm):
    start(elm, NOW, reminder_days=2)
    set_channels(user_id=elm.client.user_id, channels=[Channel.EMAIL], per_kind={30: [Channel.IN_APP]})
    drain(moment=elm.now)
    told = Notification.objects.filter(user=elm.client.user, kind__in=[30, 31]).order_by("kind")
    assert list(told.values_list("kind", "channel")) == [(30, Channel.IN_APP), (31, Channel.EMAIL)]


def test_no_reminders_for_who_wants_none(elm):
    start(elm, NOW, reminder_days=2)
    set_channels(user_id=elm.client.user_id, channels=[Channel.IN_APP, Channel.EMAIL], per_kind={31: []})
    drain(moment=elm.now)
    assert (mail_of(30).count(), mail_of(31).count()) == (1, 0)


def test_late_mails_wait_for_each_other_and_become_one(elm):
    later, version = elm.now + timedelta(hours=5), Activity.objects.get().latest
    for _batch in range(3):  # the outbox looks between the engine's batches
        send_activity(
            clients=[elm.client], activity_version=version, at_local=clock.local(elm.now, BERLIN), by=None, now=later
        )
        assert drain(moment=later).sent == 1
        deliver(channel=Channel.EMAIL, moment=later)
    assert mail.outbox == []
    deliver(channel=Channel.EMAIL, moment=later + timedelta(minutes=2))
    assert len(mail.outbox) == 1


def test_late_sends_reach_the_portal_without_mail(elm):
    start(elm, NOW)
    drain(moment=elm.now + timedelta(hours=13))
    found = Notification.objects.get(channel=Channel.EMAIL)
    assert (found.status, found.last_error) == (NotificationStatus.SUPPRESSED, "late")
    assert Assignment.objects.get().status == S.SENT


def test_expired_rows_are_never_sent(elm):
    start(elm, NOW, open_days=2)
    done = drain(moment=elm.now + timedelta(days=3))
    assert (done.sent, done.expired) == (0, 1)
    assert Assignment.objects.get().status == S.EXPIRED
    assert not Notification.objects.exists()


def test_one_reminder_sleeps_until_its_time(elm):
    start(elm, NOW, reminder_days=2)
    drain(moment=elm.now)
    reminder = Notification.objects.get(kind=31)
    assert (reminder.channel, reminder.not_before) == (Channel.EMAIL, elm.now + timedelta(days=2))


def test_completion_plans_what_waited(elm):
    enrolment = start(elm, NOW, DONE)
    drain(moment=elm.now)
    Assignment.objects.filter(step="s1").update(status=S.DONE, done_at=elm.now + timedelta(hours=1))
    plan_anew(enrolment_id=enrolment.pk, practice_id=elm.practice.pk, now=elm.now + timedelta(hours=1))
    follower = Assignment.objects.get(step="s2")
    assert (follower.status, follower.send_at) == (S.SCHEDULED, elm.now + timedelta(days=1, hours=1))


def test_closing_makes_missed_and_plans_what_waited(elm):
    enrolment = start(elm, NOW, DONE, open_days=2)
    drain(moment=elm.now)
    later = elm.now + timedelta(days=2, minutes=1)
    assert close_due(moment=later) == 1
    assert plan_due(now=later) == 1
    assert states(enrolment) == [("s1", 1, "MISSED"), ("s2", 1, "SCHEDULED")]


def test_planning_again_changes_nothing(elm):
    enrolment = start(elm, NOW, LATER, {"kind": "weekly", "weekdays": ["mo"]})
    before = list(Assignment.objects.order_by("pk").values())
    plan_anew(enrolment_id=enrolment.pk, practice_id=elm.practice.pk, now=elm.now + timedelta(minutes=1))
    assert list(Assignment.objects.order_by("pk").values()) == before


def test_horizon_moves_on_day_by_day(elm):
    start(elm, {"kind": "weekly", "weekdays": ["mo"], "at": "09:00"})
    first = Assignment.objects.count()
    plan_due(now=elm.now + timedelta(days=14))
    assert Assignment.objects.count() == first + 2


def test_pause_holds_and_resume_shifts_by_whole_days(elm):
    enrolment = start(elm, NOW, LATER)
    drain(moment=elm.now)
    steering.pause(enrolment=enrolment, by=elm.therapist, now=elm.now + timedelta(hours=1))
    due = Assignment.objects.get(step="s2").send_at
    assert drain(moment=due + timedelta(days=1)).sent == 0
    later = elm.now + timedelta(days=1, hours=3)
    preview = steering.preview_resume(enrolment=Enrolment.objects.get(), now=later)
    done = steering.resume(enrolment=enrolment, by=elm.therapist, now=later)
    assert list(done.rows) == preview
    assert Assignment.objects.get(step="s2").send_at == due + timedelta(days=2)
    assert audit_plans().scheduled_under_stopped == []


def test_skip_counts_as_completed(elm):
    enrolment = start(elm, LATER, DONE)
    steering.skip(assignment=Assignment.objects.get(step="s1"), by=elm.therapist, now=elm.now)
    assert states(enrolment) == [("s1", 1, "SKIPPED"), ("s2", 1, "SCHEDULED")]


def test_send_now_leaves_with_the_next_tick_and_stays_after_planning(elm):
    enrolment = start(elm, LATER, {"kind": "interval", "days": 7, "from": "previous_sent"})
    steering.send_now(assignment=Assignment.objects.get(step="s1"), by=elm.therapist, now=elm.now)
    plan_anew(enrolment_id=enrolment.pk, practice_id=elm.practice.pk, now=elm.now)
    assert drain(moment=elm.now + timedelta(seconds=1)).sent == 1
    assert Assignment.objects.get(step="s2").send_at == elm.now + timedelta(days=7)


def test_date_waits_until_it_is_set_and_can_be_moved(elm):
    enrolment = start(elm, {"kind": "date"})
    row = Assignment.objects.get()
    for wall in (datetime(2026, 12, 24, 9), datetime(2026, 12, 20, 17)):
        steering.move(assignment=row, at_local=wall, by=elm.therapist, now=elm.now)
        row.refresh_from_db()
        assert (row.status, row.local_at, row.send_at) == (S.SCHEDULED, wall, clock.resolve(wall, BERLIN))
    with pytest.raises(steering.CannotSteer):
        steering.move(assignment=row, at_local=datetime(2026, 1, 1), by=elm.therapist, now=elm.now)
    assert Enrolment.objects.get(pk=enrolment.pk).plan_rev == 3


def test_withdraw_hides_and_takes_back_the_mail(elm):
    start(elm, NOW)
    drain(moment=elm.now)
    steering.withdraw(assignment=Assignment.objects.get(), by=elm.therapist, now=elm.now)
    assert Assignment.objects.get().status == S.WITHDRAWN
    assert Notification.objects.get(channel=Channel.EMAIL).status == NotificationStatus.SUPPRESSED


def test_withdraw_when_begun(elm):
    start(elm, NOW)
    drain(moment=elm.now)
    Assignment.objects.update(status=S.STARTED)
    with pytest.raises(steering.CannotSteer):
        steering.withdraw(assignment=Assignment.objects.get(), by=elm.therapist, now=elm.now)


def test_end_cancels_what_lies_ahead(elm):
    enrolment = start(elm, NOW, LATER, DONE)
    drain(moment=elm.now)
    steering.end(enrolment=enrolment, by=elm.therapist, now=elm.now)
    assert states(enrolment) == [("s1", 1, "SENT"), ("s2", 1, "CANCELLED"), ("s3", 1, "CANCELLED")]


def test_one_activity_to_two_clients_now(elm):
    version = Activity.objects.get().latest
    made = send_activity(
        clients=[elm.client, elm.second], activity_version=version, at_local=None, by=elm.therapist, now=elm.now
    )
    assert [enrolment.single for enrolment in made] == [True, True]
    assert drain(moment=elm.now).sent == 2
    assert PathwayVersion.objects.count() == 1


def test_form_for_the_therapist_goes_to_the_therapist(elm):
    version = Activity.objects.get().latest
    send_activity(
        clients=[elm.client], activity_version=version, at_local=None, by=None, now=elm.now, recipient=elm.therapist,
        rater="therapist",
    )  # fmt: skip
    drain(moment=elm.now)
    assert set(Notification.objects.values_list("user_id", "kind")) == {(elm.therapist.pk, 34)}


def test_enrol_when_the_start_is_past_or_the_client_archived(elm):
    with pytest.raises(CannotEnrol):
        start(elm, NOW, at=datetime(2026, 11, 20, 9))
    elm.client.status = "archived"
    with pytest.raises(CannotEnrol):
        send_activity(
            clients=[elm.client], activity_version=Activity.objects.get().latest, at_local=None, by=None, now=elm.now
        )


def test_without_consent_all_is_held_and_planned_anew_from_then(elm):
    from homework.domain.consenting import hold_all, plan_from_consent

    elm.client.treatment_consent = False
    elm.client.save()
    enrolment = start(elm, NOW, LATER)
    assert [state for *_, state in states(enrolment)] == ["HELD", "HELD"]
    elm.client.treatment_consent = True
    elm.client.save()
    later = elm.now + timedelta(days=5, hours=1)
    plan_from_consent(client=elm.client, now=later)
    assert drain(moment=later).sent == 1
    assert Assignment.objects.get(step="s2").local_at == datetime(2026, 12, 2, 9)
    elm.client.treatment_consent = False
    elm.client.save()
    hold_all(client=elm.client, now=later)
    assert [state for *_, state in states(enrolment)] == ["SENT", "HELD"]
    assert drain(moment=later + timedelta(days=9)).sent == 0


def test_what_goes_by_without_consent_shifts_the_plan_also_after_a_pause_in_between(elm):
    """Nothing of those days is made up for in one go when consent is given again."""
    from clients.domain.consenting import change_consent

    def day(number):
        return elm.now + timedelta(days=number)

    enrolment = start(elm, {"kind": "weekly", "weekdays": ["mo", "tu", "we", "th", "fr", "sa", "su"], "at": "09:00"})
    drain(moment=day(1))
    change_consent(client=elm.client, kind="treatment", given=False, by=elm.client.user, now=day(1))
    steering.pause(enrolment=enrolment, by=elm.therapist, now=day(2))
    steering.resume(enrolment=enrolment, by=elm.therapist, now=day(3))
    change_consent(client=elm.client, kind="treatment", given=True, by=elm.client.user, now=day(9))
    assert drain(moment=day(9)).sent == 0
    assert drain(moment=day(10)).sent == 1


DAY = timedelta(days=1)
ON_THURSDAY = {"kind": "date", "date": "2026-11-26", "at": "09:00"}
IN_MARCH = {"kind": "date", "date": "2027-03-01", "at": "09:00"}


def consent(world, *, given, now):
    from clients.domain.consenting import change_consent

    change_consent(client=world.client, kind="treatment", given=given, by=world.client.user, now=now)
    world.client.refresh_from_db()


@pytest.mark.parametrize("is_begun", [False, True])
def test_dates_that_passed_without_consent_are_skipped(elm, is_begun):
    consent(elm, given=is_begun, now=elm.now)
    enrolment = start(elm, NOW, ON_THURSDAY, {**ON_THURSDAY, "date": "2027-01-07"}, LATER)
    drain(moment=elm.now)
    consent(elm, given=False, now=elm.now)

    consent(elm, given=True, now=elm.now + 20 * DAY)

    assert drain(moment=elm.now + 20 * DAY).sent == (0 if is_begun else 1)
    assert states(enrolment) == [
        ("s1", 1, "SENT"), ("s2", 1, "SKIPPED"), ("s3", 1, "SCHEDULED"), ("s4", 1, "SCHEDULED"),
    ]  # fmt: skip


def test_what_was_sent_by_itself_leaves_when_consent_comes_also_when_its_day_was_moved(elm):
    consent(elm, given=False, now=elm.now)
    version = Activity.objects.get().latest
    send_activity(clients=[elm.client], activity_version=version, at_local=None, by=elm.therapist, now=elm.now)
    steering.move(
        assignment=Assignment.objects.get(), at_local=datetime(2026, 11, 26, 9), by=elm.therapist, now=elm.now
    )

    consent(elm, given=True, now=elm.now + 20 * DAY)

    assert drain(moment=elm.now + 20 * DAY).sent == 1


def test_dates_that_passed_in_a_pause_that_began_without_consent_are_skipped(elm):
    consent(elm, given=False, now=elm.now)
    enrolment = start(elm, ON_THURSDAY)
    steering.pause(enrolment=enrolment, by=elm.therapist, now=elm.now)
    consent(elm, given=True, now=elm.now + DAY)

    steering.resume(enrolment=enrolment, by=elm.therapist, now=elm.now + 20 * DAY)

    assert states(enrolment) == [("s1", 1, "SKIPPED")]


def test_dates_that_came_near_only_during_a_pause_are_skipped_when_they_passed(elm):
    enrolment = start(elm, NOW, IN_MARCH)
    drain(moment=elm.now)
    assert len(states(enrolment)) == 1
    steering.pause(enrolment=enrolment, by=elm.therapist, now=elm.now + DAY)

    steering.resume(enrolment=enrolment, by=elm.therapist, now=elm.now + 200 * DAY)

    assert states(enrolment) == [("s1", 1, "SENT"), ("s2", 1, "SKIPPED")]


def test_only_the_day_that_was_set_by_hand_stays_behind_after_a_pause(elm):
    enrolment = start(elm, {"kind": "weekly", "weekdays": ["mo", "tu", "we", "th", "fr", "sa", "su"], "at": "09:00"})
    third = Assignment.objects.get(enrolment=enrolment, occurrence=3)
    steering.move(assignment=third, at_local=third.local_at + timedelta(hours=1), by=elm.therapist, now=elm.now)
    steering.pause(enrolment=enrolment, by=elm.therapist, now=elm.now)

    steering.resume(enrolment=enrolment, by=elm.therapist, now=elm.now + 5 * DAY)

    assert [state for *_, state in states(enrolment)[:5]] == [
        "SCHEDULED", "SCHEDULED", "SKIPPED", "SCHEDULED", "SCHEDULED",
    ]  # fmt: skip


def test_trigger_refuses_moves_that_are_not_allowed(elm):
    start(elm, NOW)
    drain(moment=elm.now)
    with pytest.raises(Exception, match="can't become"), connection.cursor() as cursor:
        cursor.execute("UPDATE homework_assignment SET status = 2")


def test_withdrawn_consents_are_obeyed_in_the_same_moment(elm):
    from clients.domain.consenting import change_consent

    enrolment = start(elm, NOW, LATER, reminder_days=2)
    drain(moment=elm.now)
    change_consent(client=elm.client, kind="messages", given=False, by=elm.client.user, now=elm.now)
    assert set(UserChannel.objects.filter(user=elm.client.user).values_list("channel", flat=True)) == {Channel.IN_APP}
    change_consent(client=elm.client, kind="treatment", given=False, by=elm.client.user, now=elm.now)
    assert states(enrolment) == [("s1", 1, "SENT"), ("s2", 1, "HELD")]
    waiting = Notification.objects.filter(status__in=[NotificationStatus.READY, NotificationStatus.LEASED])
    assert not waiting.filter(user=elm.client.user).exists()
    later = elm.now + timedelta(days=4)
    change_consent(client=elm.client, kind="treatment", given=True, by=elm.client.user, now=later)
    assert states(enrolment) == [("s1", 1, "SENT"), ("s2", 1, "SCHEDULED")]
    assert Assignment.objects.get(step="s2").send_at > later


def test_moving_zone_keeps_the_wall_clock(elm):
    start(elm, LATER)
    before = Assignment.objects.get()
    elm.client.zone = "America/New_York"
    elm.client.save()
    client_moved.send(sender=None, client=elm.client, before=BERLIN, now=elm.now)
    after = Assignment.objects.get()
    assert (after.local_at, after.tz) == (before.local_at, "America/New_York")
    assert after.send_at == before.send_at + timedelta(hours=6)


def test_drain_that_fails_says_what_waits(elm, monkeypatch):
    """Its lane has ticked: only by what waits is it seen that nothing leaves."""
    start(elm, NOW)

    def gone(*_args, **_more):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(sending, "_claim", gone)
    with pytest.raises(OperationalError):
        drain(moment=elm.now + timedelta(minutes=2))
    lane = EngineLane.objects.get(name="sends")
    assert lane.oldest_due_at == Assignment.objects.get().send_at
    lane.last_tick_at = elm.now + timedelta(minutes=2)
    assert not judging.keeps_up(lane, elm.now + timedelta(minutes=2))


def test_opened_homework_is_mailed_of_no_more(elm):
    start(elm, NOW)
    drain(moment=elm.now)
    Assignment.objects.update(status=S.OPENED)
    deliver(channel=Channel.EMAIL, moment=elm.now)
    found = Notification.objects.get(channel=Channel.EMAIL)
    assert (found.status, found.last_error) == (NotificationStatus.SUPPRESSED, "no longer wanted")


def test_archived_client_gets_nothing_more(elm):
    from clients.events import client_archived

    enrolment = start(elm, NOW, LATER)
    client_archived.send(sender=None, client=elm.client, by=elm.therapist, now=elm.now)
    assert drain(moment=elm.now + timedelta(days=9)).sent == 0
    assert Enrolment.objects.get(pk=enrolment.pk).status == "ended"


def test_idle_tick_looks_once_for_what_is_due(elm):
    """What was sent since the last vacuum lies in its way each time it looks."""
    drain(moment=elm.now)
    with CaptureQueriesContext(connection) as seen:
        drain(moment=elm.now)
    assert sum("FROM homework_assignment" in query["sql"] for query in seen) == 1


@pytest.mark.parametrize("table", ["homework_assignment", "practice_notification"])
def test_autovacuum_looks_often_at_the_busy_tables(elm, table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table])
        assert set(cursor.fetchone()[0]) >= {"autovacuum_vacuum_scale_factor=0", "autovacuum_vacuum_threshold=5000"}
