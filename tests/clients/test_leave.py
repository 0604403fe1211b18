"""A therapist on leave: the stand-in by dates, what clients read, whom something urgent reaches, and its end."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.domain.attending import acknowledge, raise_item
from clients.domain.taking_leave import CannotTakeLeave, Plan, end_leave, take_leave
from clients.models import Client, Leave
from clients.queries.attention import attention_for
from clients.queries.caseload import caseload
from clients.queries.cover import cover_of
from clients.queries.subjects import LEAVE
from messaging.models import Conversation, Participant
from messaging.queries.promise import promise_of
from practice.audit.models import AuditEvent
from practice.notifications.channelling import ensure_channels
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import Membership
from tests.factories.crowd import many_clients
from tests.people import NOW, today_of

DAY, MINUTES = timedelta(days=1), timedelta(minutes=1)
pytestmark = pytest.mark.today
TODAY = date(2026, 11, 24)


def plan(world, first=TODAY, back=TODAY + 7 * DAY, **other):
    return Plan(**{"user": world.therapist, "stand_in": world.colleague, "first": first, "back": back, **other})


def away(world, now=NOW, **other):
    """Noor is away for a week from today on, with Jonas standing in."""
    return take_leave(practice=world.practice, plan=plan(world, **other), by=world.therapist, now=now)


def away_now(world):
    """The same by the database's clock, which decides who may read; half a day long on each side."""
    leave = away(world)
    now = timezone.now()
    with world.scope():
        Leave.objects.filter(pk=leave.pk).update(starts_at=now - DAY / 2, ends_at=now + DAY / 2)
    return leave


def over(world):
    """Let every leave have ended a minute ago."""
    with world.scope():
        Leave.objects.update(ends_at=timezone.now() - MINUTES)


def asked(world, item, *, at):
    """Who has been asked about the item until then, by e-mail."""
    with world.scope():
        rows = Notification.objects.filter(subject_id=item.pk, subject_type=22, not_before__lte=at)
        rows = rows.exclude(status=NotificationStatus.SUPPRESSED).order_by("not_before", "pk")
        return [row.user for row in rows.select_related("user")]


def help_asked(world, now=NOW):
    return raise_item(client=world.client, kind="help_asked", key=now.isoformat(), now=now)


PAGES = ("", "record/", "homework/", "alliance/", "appointments/")


def test_stand_in_reads_during_the_leave_and_not_afterwards(world):
    path, browser = f"/desk/clients/{world.client.pk}/", world.as_(world.colleague)
    assert browser.get(path).status_code == 404
    away_now(world)
    assert {browser.get(path + page).status_code for page in PAGES} == {200}
    over(world)
    assert {browser.get(path + page).status_code for page in PAGES} == {404}


@pytest.mark.parametrize("who", ["colleague", "lead", "admin", "outsider"])
def test_leave_without_that_person_opens_nothing_to_them(world, who):
    leave = away_now(world)
    with world.scope():
        Leave.objects.filter(pk=leave.pk).update(stand_in=None)
    assert world.as_(getattr(world, who)).get(f"/desk/clients/{world.client.pk}/").status_code == 404


def test_stand_in_does_not_find_the_clients_of_others(world):
    away_now(world)
    with world.scope():
        Client.objects.filter(pk=world.second.pk).update(therapist=world.lead)
    assert world.as_(world.colleague).get(f"/desk/clients/{world.second.pk}/").status_code == 404


def test_stand_in_changes_nothing_of_the_record(world):
    away_now(world)
    browser, path = world.as_(world.colleague), f"/desk/clients/{world.client.pk}/"
    assert browser.get(path + "edit/").status_code == 404
    assert browser.post(path + "archive/").status_code == 404
    assert browser.post(path + "team/join/", {"user": world.lead.pk}).status_code == 404
    assert "Archive…" not in browser.get(path + "record/").content.decode()


def test_stand_in_acknowledges_and_does_not_settle(world):
    away_now(world)
    item, browser = help_asked(world), world.as_(world.colleague)
    assert browser.post(f"/desk/attention/{item.pk}/acknowledge/").status_code == 302
    assert browser.post(f"/desk/attention/{item.pk}/resolve/").status_code == 404
    assert "Settle" not in browser.get("/desk/").content.decode()
    assert "Settle" in world.as_(world.therapist).get("/desk/").content.decode()


def test_something_urgent_asks_the_stand_in_and_then_the_lead_too(world):
    away(world)
    item = help_asked(world)
    assert asked(world, item, at=NOW + 29 * MINUTES) == [world.colleague, world.colleague]
    assert asked(world, item, at=NOW + 30 * MINUTES)[2:] == [world.colleague, world.lead]


def test_leave_that_begins_or_ends_while_it_is_asked_counts(world):
    leave = away(world)
    item = help_asked(world, now=leave.ends_at - 10 * MINUTES)
    assert asked(world, item, at=leave.ends_at + DAY) == [world.colleague, world.therapist, world.therapist, world.lead]


def test_what_waits_is_asked_of_the_stand_in_when_the_leave_begins_at_once(world):
    item = help_asked(world, now=NOW - 5 * MINUTES)
    away(world)
    assert asked(world, item, at=NOW + 20 * MINUTES) == [world.colleague, world.colleague]
    with world.scope():
        assert [row.item for row in attention_for(world.seat(world.lead), now=NOW + 31 * MINUTES)] == [item]


def test_what_was_acknowledged_is_asked_of_nobody_again(world):
    item = help_asked(world)
    acknowledge(item=item, by=world.therapist, now=NOW)
    away(world)
    assert world.colleague not in asked(world, item, at=NOW + DAY)


def test_ending_it_early_gives_what_waits_back(world):
    leave = away(world)
    item = help_asked(world)
    end_leave(leave=leave, by=world.therapist, now=NOW + MINUTES)
    assert asked(world, item, at=NOW + 20 * MINUTES) == [world.therapist, world.therapist]


def test_clients_and_stand_in_are_told_in_neutral_words(world):
    leave = away(world)
    with world.scope():
        rows = Notification.objects.filter(subject_type=24, subject_id=leave.pk, channel=1)
        told = set(rows.values_list("user", flat=True))
    assert told == {world.client.user_id, world.second.user_id, world.therapist.pk, world.colleague.pk}


def test_every_client_can_look_up_that_it_was_arranged(world):
    away(world)
    with world.scope():
        rows = AuditEvent.objects.filter(verb="leave_taken").values_list("client_ref", flat=True)
        assert set(rows) == {world.client.pk, world.second.pk}


def test_client_reads_who_reads_on_today_in_messages_and_under_me(world):
    away_now(world)
    browser = world.as_(world.client)
    day = timezone.now() + DAY / 2
    assert "Noor is away until" in browser.get("/").content.decode()
    assert "Jonas reads what you write" in browser.get("/messages/").content.decode()
    page = browser.get("/me/").content.decode()
    assert "while Noor is away" in page
    assert str(day.day) in page
    assert "Tell Jonas I need help" in page


def test_client_is_told_two_weeks_ahead(world):
    first = today_of(world.therapist) + 10 * DAY
    away(world, now=timezone.now(), first=first, back=first + 7 * DAY, message="I am at the sea.")
    page = world.as_(world.client).get("/").content.decode()
    assert "Noor is away from" in page
    assert "I am at the sea." in page
    assert "Jonas" not in world.as_(world.client).get("/me/").content.decode()


def test_after_the_leave_all_is_as_before(world):
    away_now(world)
    over(world)
    browser = world.as_(world.client)
    assert "Jonas" not in browser.get("/").content.decode() + browser.get("/messages/").content.decode()


def test_promise_is_the_stand_ins(world):
    member = Membership.objects.get(user=world.colleague)
    member.hours = {"sa": [["09:00", "12:00"]]}
    member.save()
    leave = away(world)
    with world.scope():
        promise = promise_of(client=world.client, now=NOW)
    assert promise.therapist == world.colleague
    assert (promise.reply_by.weekday(), promise.cover.leave) == (5, leave)


def test_promise_without_a_stand_in_counts_from_the_return(world):
    away(world, stand_in=None)
    with world.scope():
        promise = promise_of(client=world.client, now=NOW)
    assert promise.therapist == world.therapist
    assert promise.reply_by.date() == TODAY + 7 * DAY
    assert not promise.is_open


def test_stand_in_who_no_longer_works_here_is_nobody(world):
    away(world)
    Membership.objects.filter(user=world.colleague).update(is_active=False)
    with world.scope():
        assert cover_of(world.client, now=NOW).reader == world.therapist
    assert asked(world, help_asked(world), at=NOW + DAY)[-1] == world.lead


def test_caseload_shows_whom_one_stands_in_for(world):
    away_now(world)
    with world.scope():
        rows = caseload(world.seat(world.colleague), now=NOW, view="standing-in").rows
        assert [row.client.name for row in rows] == ["Sam Dorn", "Lee Tan"]
        keys = [view["key"] for view in caseload(world.seat(world.therapist), now=NOW).views]
    assert "standing-in" not in keys


def test_old_messages_do_not_wait_for_the_stand_in(world):
    with world.scope():
        Conversation.objects.filter(client=world.client).update(head=4, message_no=4)
    away(world)
    with world.scope():
        place = Participant.objects.get(conversation__client=world.client, user=world.colleague)
    assert place.read_message_no == 4


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"first": TODAY - DAY}, "lies in the past"),
        ({"back": TODAY}, "comes after the first day"),
        ({"back": TODAY + 400 * DAY}, "within a year"),
        ({"stand_in": "therapist"}, "someone else"),
        ({"stand_in": "outsider"}, "Only therapists of this practice"),
        ({"stand_in": "lead"}, "Only therapists of this practice"),
    ],
)
def test_leave_that_makes_no_sense_is_refused_in_words(world, wanted, words):
    wanted = {key: getattr(world, value) if isinstance(value, str) else value for key, value in wanted.items()}
    with pytest.raises(CannotTakeLeave, match=words):
        away(world, **wanted)


def test_leaves_do_not_cross(world):
    away(world)
    with pytest.raises(CannotTakeLeave, match="Noor Haddad is on leave from 24 November to 1 December already"):
        away(world, first=TODAY + 3 * DAY, back=TODAY + 20 * DAY)
    swapped = {"user": world.colleague, "stand_in": None}
    with pytest.raises(CannotTakeLeave, match="Stands in for Noor Haddad"):
        away(world, **swapped)
    away(world, first=TODAY + 7 * DAY, back=TODAY + 9 * DAY)


def test_someone_who_is_away_does_not_stand_in(world):
    away(world, user=world.colleague, stand_in=None)
    with pytest.raises(CannotTakeLeave, match="Jonas Weber is away"):
        away(world)


def test_leave_called_off_before_it_began_never_was(world):
    leave = away(world, first=TODAY + 3 * DAY)
    end_leave(leave=leave, by=world.therapist, now=NOW)
    with world.scope():
        assert cover_of(world.client, now=NOW + 4 * DAY).leave is None
    away(world)


def test_form_shows_whom_it_touches_before_it_is_arranged(world):
    browser, today = world.as_(world.therapist), today_of(world.therapist)
    given = {"first": today, "back": today + 7 * DAY, "stand_in": world.colleague.pk, "message": "Back soon"}
    page = browser.post("/desk/leave/new/", given).content.decode()
    assert "2 clients are told" in page
    assert "Lee T., Sam D." in page or "Sam D., Lee T." in page
    with world.scope():
        assert not Leave.objects.exists()
    assert browser.post("/desk/leave/new/", given | {"sure": "yes"}).status_code == 302
    assert "away now" in browser.get("/desk/leave/").content.decode()
    assert "You stand in for Noor Haddad" in world.as_(world.colleague).get("/desk/").content.decode()


def test_lead_arranges_a_leave_for_someone_ill(world):
    today = today_of(world.therapist)
    given = {"user": world.therapist.pk, "first": today, "back": today + DAY, "stand_in": world.colleague.pk}
    world.as_(world.lead).post("/desk/leave/new/", given | {"sure": "yes"})
    with world.scope():
        assert (Leave.objects.get().user, Leave.objects.get().created_by) == (world.therapist, world.lead)


def test_therapist_can_not_send_a_colleague_on_leave(world):
    today = today_of(world.therapist)
    given = {"user": world.colleague.pk, "first": today, "back": today + DAY, "sure": "yes"}
    world.as_(world.therapist).post("/desk/leave/new/", given)
    with world.scope():
        assert Leave.objects.get().user == world.therapist


def statements_of(world, act):
    """How many statements an act takes."""
    with CaptureQueriesContext(connection) as taken:
        act()
    return len(taken)


def test_a_leave_costs_as_many_statements_for_fifty_clients_as_for_two(world):
    few = statements_of(world, lambda: end_leave(leave=away(world), by=world.therapist, now=NOW))
    many_clients(world, 50)
    with world.scope():
        ensure_channels(list(Client.objects.values_list("user_id", flat=True)))
    many = statements_of(world, lambda: end_leave(leave=away(world), by=world.therapist, now=NOW + MINUTES))
    with world.scope():
        assert AuditEvent.objects.filter(verb="leave_taken").count() == 2 + 52
        assert Notification.objects.filter(subject_type=LEAVE.number).values("user").distinct().count() == 54
    assert many == few
