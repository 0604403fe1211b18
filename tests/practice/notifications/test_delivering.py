"""The outbox: leased, handed over once, tried again, given up, quiet at night, joined when late."""

import json
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client as Browser

from clients.models import AttentionItem
from practice.contributions import NOTIFICATION_KINDS, NotificationKind
from practice.notifications import delivering, holding, settling
from practice.notifications.channelling import channels_of, set_channels
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.enqueueing import enqueue
from practice.notifications.kinds import SUBJECTS, Subject
from practice.notifications.models import Channel, EngineLane, Notification, NotificationStatus, SendAttempt
from practice.notifications.suppressing import suppress, suppress_user
from practice.notifications.writing import unsubscribe_link
from practice.tenancy import every_practice

pytestmark = pytest.mark.django_db
Status = NotificationStatus
KIND, ESSENTIAL = "test.plain", "test.essential"
if KIND not in NOTIFICATION_KINDS:
    NOTIFICATION_KINDS.register(KIND, NotificationKind(number=200, label="plain", url_name="nowhere"))
    NOTIFICATION_KINDS.register(
        ESSENTIAL,
        NotificationKind(
            number=201,
            label="essential",
            url_name="nowhere",
            essential=True,
            ignores_quiet=True,
            priority=0,
            stale_after=None,
        ),
    )

WANTED: set[int] = set()
if "test.thing" not in SUBJECTS:
    SUBJECTS.register("test.thing", Subject(250, wanted=lambda ids: WANTED & set(ids)))


class Scripted(Sender):
    """A provider that answers as told, and remembers what it was handed."""

    channel = Channel.EMAIL
    has_provider = False

    def __init__(self, *outcomes):
        self.outcomes, self.letters = list(outcomes), []

    def send(self, letter):
        self.letters.append(letter)
        return Result(self.outcomes.pop(0) if self.outcomes else Outcome.ACCEPTED, "1")


@pytest.fixture
def elm(world):
    set_channels(user_id=world.client.user_id, channels=[Channel.IN_APP, Channel.EMAIL])
    set_channels(user_id=world.second.user_id, channels=[Channel.IN_APP, Channel.EMAIL])
    with world.scope():
        yield world


def put(world, *, kind=KIND, who=None, subject_id=1, subject_type="user", now=None, **more):
    user_id = (who or world.client).user_id
    return enqueue(
        kind=kind, user_ids=[user_id], practice_id=(who or world.client).practice_id, subject_type=subject_type,
        subject_id=subject_id,
        now=now or world.now, **more,
    )  # fmt: skip


def mails():
    return Notification.objects.filter(channel=Channel.EMAIL).order_by("pk")


def go(world, sender=None, after=timedelta(0)):
    return deliver(channel=Channel.EMAIL, moment=world.now + after, sender=sender or Scripted())


def test_a_lane_counts_what_its_provider_took(elm):
    for number, outcome in enumerate([Outcome.ACCEPTED, Outcome.BOUNCED, Outcome.ACCEPTED]):
        put(elm, kind=ESSENTIAL, subject_id=number + 1)
        go(elm, Scripted(outcome))
    assert EngineLane.objects.get(name="outbox-email").sent_total == 2


def test_enqueue_twice_is_once(elm):
    assert put(elm) == 2
    assert put(elm) == 0
    assert sorted(Notification.objects.values_list("channel", "status")) == [
        (Channel.IN_APP, Status.DELIVERED),
        (Channel.EMAIL, Status.READY),
    ]


def test_mail_is_neutral_and_can_be_stopped(elm):
    put(elm)
    deliver(channel=Channel.EMAIL, moment=elm.now)
    (sent,) = mail.outbox
    row = mails().get()
    assert (row.status, row.attempts, row.provider_ref) == (Status.ACCEPTED, 1, sent.extra_headers["Message-ID"])
    assert sent.to == [elm.client.user.email]
    assert sent.subject == "You have something new in your portal"
    for word in ("therap", "Elm", "Noor", "homework", "plain"):
        assert word not in sent.subject + sent.body + sent.alternatives[0][0]
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_sealed_words_of_a_sign_in_mail_are_wiped_when_accepted(elm):
    put(elm, kind=ESSENTIAL, payload=json.dumps({"subject": "Your code", "text": "Code 12345"}))
    assert b"12345" not in bytes(mails().values_list("payload", flat=True).get().data)
    go(elm, sender := Scripted())
    assert (sender.letters[0].subject, sender.letters[0].text) == ("Your code", "Code 12345")
    assert mails().values_list("payload", flat=True).get() is None


def test_refused_comes_again_with_the_same_reference(elm):
    put(elm)
    sender = Scripted(Outcome.REFUSED, Outcome.UNSURE)
    for minutes in (0, 2, 10):
        go(elm, sender, after=timedelta(minutes=minutes))
    assert len({letter.reference for letter in sender.letters}) == 1
    assert list(SendAttempt.objects.order_by("n").values_list("n", "outcome")) == [
        (1, "refused"), (2, "unsure"), (3, "accepted"),
    ]  # fmt: skip


def test_backoff_grows_and_has_a_bound():
    assert max(settling.backoff(1) for _ in range(50)) <= timedelta(seconds=30)
    assert max(settling.backoff(40) for _ in range(50)) <= timedelta(days=1)


def test_refused_address_is_remembered_and_shown(elm):
    put(elm)
    go(elm, Scripted(Outcome.BOUNCED))
    elm.client.user.refresh_from_db()
    assert (mails().get().status, elm.client.user.email_bounced_at) == (Status.BOUNCED, elm.now)
    assert AttentionItem.objects.get().kind == "unreachable"


def test_given_up_after_twelve_tries(elm):
    put(elm)
    mails().update(attempts=11)
    go(elm, Scripted(Outcome.REFUSED))
    assert mails().get().status == Status.DEAD
    assert AttentionItem.objects.count() == 1


def test_quiet_hours_put_it_off_to_the_morning(elm):
    night = elm.now + timedelta(hours=9)  # 22:00 in Berlin
    put(elm, now=night)
    put(elm, kind=ESSENTIAL, now=night)
    sender = Scripted()
    deliver(channel=Channel.EMAIL, moment=night, sender=sender)
    waits, rang = mails().get(kind=200), mails().get(kind=201)
    assert (waits.status, waits.attempts, rang.status) == (Status.READY, 0, Status.ACCEPTED)
    assert waits.not_before == night + timedelta(hours=10)
    deliver(channel=Channel.EMAIL, moment=waits.not_before, sender=sender)
    assert mails().get(kind=200).status == Status.ACCEPTED


def test_several_for_one_person_become_one(elm):
    for subject_id in range(1, 6):
        put(elm, subject_id=subject_id)
    put(elm, who=elm.second)
    go(elm, sender := Scripted())
    assert len(sender.letters) == 2
    assert mails().filter(status=Status.COLLAPSED).count() == 4


def test_several_become_one_beyond_the_batch(elm):
    for subject_id in range(1, 6):
        put(elm, subject_id=subject_id)
    deliver(channel=Channel.EMAIL, moment=elm.now, sender=(sender := Scripted()), batch=2)
    assert len(sender.letters) == 1


def test_too_late_is_not_sent_but_seen_in_the_log(elm):
    put(elm)
    go(elm, sender := Scripted(), after=timedelta(hours=13))
    assert (sender.letters, mails().get().last_error) == ([], "late")


def test_only_what_is_essential_without_consent_to_messages(elm):
    put(elm)
    put(elm, kind=ESSENTIAL)
    set_channels(user_id=elm.client.user_id, channels=[Channel.IN_APP])
    go(elm)
    assert list(mails().order_by("kind").values_list("status", "last_error")) == [
        (Status.SUPPRESSED, "preference"),
        (Status.ACCEPTED, ""),
    ]


def test_breaker_opens_after_five_failures_and_closes(elm):
    for number in range(1, 8):
        put(elm, kind=ESSENTIAL, subject_id=number)
    sender = Scripted(*[Outcome.REFUSED] * 5)
    go(elm, sender)
    assert len(sender.letters) == 5
    assert mails().filter(attempts=0).count() == 2
    lane = EngineLane.objects.get(name="outbox-email")
    assert lane.open_until == elm.now + timedelta(seconds=60)
    go(elm, sender, after=timedelta(seconds=59))
    assert len(sender.letters) == 5
    go(elm, sender, after=timedelta(seconds=61))
    assert len(sender.letters) == 12
    assert EngineLane.objects.get(name="outbox-email").open_until is None


def test_breaker_opens_again_after_one_try(elm):
    for number in range(1, 8):
        put(elm, kind=ESSENTIAL, subject_id=number)
    sender = Scripted(*[Outcome.REFUSED] * 6)
    go(elm, sender)
    go(elm, sender, after=timedelta(seconds=61))
    assert len(sender.letters) == 6
    assert EngineLane.objects.get(name="outbox-email").open_until == elm.now + timedelta(seconds=121)


def test_refusal_of_one_address_is_no_failure_of_the_provider(elm):
    for number in range(1, 8):
        put(elm, kind=ESSENTIAL, subject_id=number)
    sender = Scripted()
    sender.send = lambda letter: sender.letters.append(letter) or Result(Outcome.REFUSED, "450", alive=True)
    go(elm, sender)
    assert len(sender.letters) == 7
    assert EngineLane.objects.get(name="outbox-email").open_until is None


def test_ordinary_mails_leave_at_four_fifths_of_the_rate_and_urgent_ones_at_once(elm):
    people = [elm.client, elm.second, elm.stranger]
    for client in people:
        set_channels(user_id=client.user_id, channels=[Channel.EMAIL])
        put(elm, who=client)
    sender = Scripted()
    sender.per_minute = lambda: 3  # one ordinary mail in 25 s
    go(elm, sender)
    assert len(sender.letters) == 1
    put(elm, kind=ESSENTIAL)
    go(elm, sender)
    assert len(sender.letters) == 2
    go(elm, sender, after=timedelta(seconds=24))
    assert len(sender.letters) == 2
    go(elm, sender, after=timedelta(seconds=26))
    go(elm, sender, after=timedelta(seconds=51))
    assert len(sender.letters) == 4


def test_clock_that_was_set_back_stops_neither_pace_nor_breaker(elm):
    """What a lane remembers of a moment that has not come yet would else let nothing leave until it has."""
    put(elm)
    ahead = elm.now + timedelta(hours=2)
    EngineLane.objects.create(name="outbox-email", paced_until=ahead, open_until=ahead)
    sender = Scripted()
    sender.per_minute = lambda: 60
    go(elm, sender)
    go(elm, sender, after=timedelta(seconds=2))
    assert len(sender.letters) == 1


def test_rate_is_not_spent_on_what_is_joined(elm):
    for subject_id in range(1, 6):
        put(elm, subject_id=subject_id)
    put(elm, who=elm.second)
    sender = Scripted()
    sender.per_minute = lambda: 60 * 10  # 80 saved
    go(elm, sender)
    go(elm, sender)
    assert len(sender.letters) == 2
    spent = EngineLane.objects.get(name="outbox-email").paced_until
    assert spent == elm.now - timedelta(seconds=10) + 2 * timedelta(seconds=0.125)


def test_two_workers_never_write_to_one_person_at_once(elm):
    put(elm, subject_id=1)
    put(elm, subject_id=2)
    first = mails().first()
    token = "00000000-0000-0000-0000-000000000001"
    mails().filter(pk=first.pk).update(
        status=Status.LEASED, lease_token=token, lease_until=elm.now + timedelta(minutes=1)
    )
    go(elm, sender := Scripted())
    assert sender.letters == []
    go(elm, sender, after=timedelta(minutes=2))
    assert len(sender.letters) == 1


def test_what_was_joined_stands_for_itself_when_its_lead_is_not_sent(elm):
    put(elm, subject_id=1)
    put(elm, subject_id=2)
    go(elm, Scripted(Outcome.REFUSED))
    assert list(mails().values_list("status", flat=True)) == [Status.READY, Status.COLLAPSED]
    suppress(subject_type="user", subject_ids=[1], reason="paused", now=elm.now)
    assert list(mails().values_list("status", flat=True)) == [Status.SUPPRESSED, Status.READY]
    go(elm, sender := Scripted(), after=timedelta(minutes=2))
    assert len(sender.letters) == 1


def test_what_another_practice_had_joined_stands_for_itself_when_the_lead_is_taken_back(elm):
    """Someone is in two practices, and the one whose notification stands for both ends their treatment."""
    for subject_id in (1, 2, 3):
        put(elm, subject_id=subject_id)
    mails().filter(subject_id=2).update(practice_id=elm.other_practice.pk)
    with every_practice("what one person gets"):
        go(elm, Scripted(Outcome.REFUSED))
        assert list(mails().values_list("status", flat=True)) == [Status.READY, Status.COLLAPSED, Status.COLLAPSED]
    suppress_user(user_id=elm.client.user_id, practice_id=elm.practice.pk, reason="archived", now=elm.now)
    with every_practice("what one person gets"):
        assert list(mails().values_list("status", flat=True)) == [Status.SUPPRESSED, Status.READY, Status.SUPPRESSED]


def test_slow_provider_never_outlasts_its_lease(elm):
    people = [elm.client, elm.second, elm.stranger]
    for client in people:
        put(elm, kind=ESSENTIAL, who=client)
    slow = Scripted()
    slow.send = lambda letter: time.sleep(1.2) or slow.letters.append(letter) or Result(Outcome.ACCEPTED)
    deliver(channel=Channel.EMAIL, moment=elm.now, sender=slow, seconds=1.0)
    assert len(slow.letters) == 1
    assert sorted(mails().values_list("status", "attempts")) == [(1, 0), (1, 0), (3, 1)]


def test_row_taken_back_meanwhile_is_not_sent(elm):
    put(elm, kind=ESSENTIAL, who=elm.client)
    put(elm, kind=ESSENTIAL, who=elm.second)
    sender = Scripted()

    def send(letter):
        sender.letters.append(letter)
        mails().filter(status=Status.LEASED).update(status=Status.SUPPRESSED, lease_token=None)
        return Result(Outcome.ACCEPTED)

    sender.send = send
    go(elm, sender)
    assert len(sender.letters) == 1


def test_what_became_pointless_while_a_slow_provider_answered_is_not_sent(elm):
    WANTED.update({1, 2})
    put(elm, kind=ESSENTIAL, subject_type="test.thing", subject_id=1)
    put(elm, kind=ESSENTIAL, subject_type="test.thing", subject_id=2)
    slow = Scripted()
    slow.send = lambda letter: (
        slow.letters.append(letter) or WANTED.clear() or time.sleep(delivering.FRESH + 0.1) or Result(Outcome.ACCEPTED)
    )
    go(elm, slow)
    assert list(mails().values_list("status", "last_error")) == [
        (Status.ACCEPTED, ""),
        (Status.SUPPRESSED, "no longer wanted"),
    ]


def test_words_that_cannot_be_opened_cost_nobody_else_their_mail(elm):
    put(elm, kind=ESSENTIAL, payload=json.dumps({"subject": "s", "text": "t"}))
    mails().update(seal_id="00000000-0000-0000-0000-000000000001")  # bound to another row now
    put(elm, who=elm.second)
    provider = Scripted()
    go(elm, provider)
    assert [letter.to for letter in provider.letters] == [elm.second.user.email]
    assert [row.status for row in mails()] == [Status.DEAD, Status.ACCEPTED]


def test_kind_of_the_next_release_is_left_to_it_and_costs_nobody_else_their_mail(elm):
    put(elm, kind=ESSENTIAL)
    mails().update(kind=9_999)
    put(elm, who=elm.second)
    provider = Scripted()
    go(elm, provider)
    assert [letter.to for letter in provider.letters] == [elm.second.user.email]
    unknown = mails().first()
    assert (unknown.status, unknown.attempts, unknown.done_at) == (Status.READY, 0, None)
    mails().filter(pk=unknown.pk).update(kind=NOTIFICATION_KINDS.get(ESSENTIAL).number)
    go(elm, provider, after=timedelta(minutes=6))
    assert [row.status for row in mails()] == [Status.ACCEPTED, Status.ACCEPTED]


def test_lane_whose_rounds_fail_says_since_when_something_waits(elm, monkeypatch):
    put(elm)

    def fail(*_, **__):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(delivering, "_round", fail)
    with pytest.raises(RuntimeError):
        go(elm)
    assert EngineLane.objects.get(name="outbox-email").oldest_due_at == elm.now


def test_outage_while_a_letter_is_written_is_no_row_s_fault(elm, monkeypatch):
    put(elm)

    def fail(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(delivering, "letter_for", fail)
    with pytest.raises(OperationalError):
        go(elm)
    assert mails().get().status == Status.LEASED


def test_name_stands_in_the_letter_as_it_is_written(elm):
    elm.client.user.name = "Zoë<b>\ue000link\ue001"
    elm.client.user.save()
    put(elm)
    deliver(channel=Channel.EMAIL, moment=elm.now)
    (sent,) = mail.outbox
    assert f"Hello {elm.client.user.first_name}," in sent.body
    assert "<b>" not in sent.alternatives[0][0]
    written = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert written["Subject"] == sent.subject
    assert written.get_body(["plain"]).get_content() == sent.body


def test_kind_with_a_choice_of_its_own(elm):
    set_channels(user_id=elm.client.user_id, channels=[Channel.IN_APP], per_kind={200: [Channel.EMAIL], 202: []})
    found = [channels_of([elm.client.user_id], kind=kind, essential=False) for kind in (200, 201, 202)]
    assert found == [{elm.client.user_id: {Channel.EMAIL}}, {elm.client.user_id: {Channel.IN_APP}}, {}]


def test_practices_take_turns(world):
    for number in range(1, 20):
        put(world, kind=ESSENTIAL, subject_id=number)
    put(world, kind=ESSENTIAL, who=world.other_client)
    deliver(channel=Channel.EMAIL, moment=world.now, sender=(sender := Scripted()), batch=4)
    assert world.other_client.user.email in [letter.to for letter in sender.letters[:4]]


def test_zombie_changes_nothing(elm):
    put(elm)
    slow = Scripted()

    def send(letter):
        Notification.objects.update(lease_token="00000000-0000-0000-0000-000000000001")
        return Result(Outcome.ACCEPTED)

    slow.send = send
    go(elm, slow)
    assert (mails().get().status, SendAttempt.objects.count()) == (Status.LEASED, 0)


def test_lease_that_ran_out_is_taken_again(elm):
    put(elm)
    mails().update(status=Status.LEASED, lease_until=elm.now, lease_token="00000000-0000-0000-0000-000000000001")
    go(elm, after=timedelta(seconds=-1))
    assert mails().get().status == Status.LEASED
    go(elm, after=timedelta(seconds=1))
    assert mails().get().status == Status.ACCEPTED


def test_hold_lets_nothing_out(world):
    put(world, kind=ESSENTIAL)
    go(world, Scripted(Outcome.REFUSED))
    holding.hold_all(reason="by hand", now=world.now)
    done = go(world, sender := Scripted(), after=timedelta(hours=1))
    assert (done.on_hold, sender.letters) == ("by hand", [])


def test_stop_link_asks_on_get_and_stops_on_post(elm):
    path = unsubscribe_link(elm.client.user_id, Channel.EMAIL).partition("localhost:")[2].partition("/")[2]
    assert b"<form" in Browser().get(f"/{path}").content
    assert channels_of([elm.client.user_id], kind=200, essential=False) == {elm.client.user_id: {1, 2}}
    Browser(enforce_csrf_checks=True).post(f"/{path}", {"List-Unsubscribe": "One-Click"})
    assert channels_of([elm.client.user_id], kind=200, essential=False) == {elm.client.user_id: {1}}
    elm.client.refresh_from_db()
    assert elm.client.channels == []


def test_stop_link_when_forged(world):
    assert Browser().get("/mail/stop/1:2:3/").status_code == 404
