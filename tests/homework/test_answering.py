"""Opening, answering and sending back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from homework import events
from homework.blocks import BadAnswer
from homework.domain.answering import CannotAnswer, UnknownBlock, open_assignment, save_answer, submit
from homework.domain.commenting import CannotComment, comment, see_comments
from homework.models import Answer, Assignment, AssignmentStatus, Comment, Response
from practice.contributions import NOTIFICATION_KINDS
from practice.notifications.models import Channel, Notification
from tests.homework.sheets import make_assignment
from tests.people import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(world: World) -> Assignment:
    return make_assignment(world.client, NOW)


def save(sheet: Assignment, value, *, block="worry", rev=0, uuid=None):
    who = sheet.recipient
    return save_answer(
        assignment=sheet, block_id=block, value=value, rev=rev, save_uuid=uuid or uuid4(), by=who, now=NOW
    )


def status_of(world: World, sheet: Assignment) -> AssignmentStatus:
    with world.scope():
        return AssignmentStatus(Assignment.objects.get(pk=sheet.pk).status)


def test_opening_marks_it_opened_once(world, sheet):
    open_assignment(assignment=sheet, by=world.client.user, now=NOW)
    open_assignment(assignment=sheet, by=world.client.user, now=NOW + timedelta(hours=1))
    with world.scope():
        assert Assignment.objects.get(pk=sheet.pk).opened_at == NOW


def test_saving_starts_it_and_counts_revisions(world, sheet):
    assert save(sheet, "first").rev == 1
    assert save(sheet, "second", rev=1).rev == 2
    assert status_of(world, sheet) == AssignmentStatus.STARTED


def test_the_same_save_twice_is_one_save(sheet):
    uuid = uuid4()
    assert save(sheet, "once", uuid=uuid).rev == save(sheet, "once", uuid=uuid).rev == 1


def test_a_save_on_an_older_revision_is_refused_with_the_other_text(world, sheet):
    save(sheet, "from the phone")
    refused = save(sheet, "from the laptop", rev=0)
    assert (refused.conflict, refused.value, refused.rev) == (True, "from the phone", 1)
    with world.scope():
        assert Answer.objects.get().value == "from the phone"


def test_the_same_text_from_two_windows_is_no_conflict(sheet):
    save(sheet, "same")
    assert not save(sheet, "same", rev=0).conflict


def test_an_answer_can_be_emptied(world, sheet):
    save(sheet, "oh")
    save(sheet, None, rev=1)
    with world.scope():
        assert Answer.objects.get().value is None


def test_a_block_that_is_not_in_the_activity_is_unknown(sheet):
    with pytest.raises(UnknownBlock):
        save(sheet, "x", block="elsewhere")
    with pytest.raises(UnknownBlock):
        save(sheet, "x", block="intro")


def test_a_value_out_of_range_is_refused_in_words(sheet):
    with pytest.raises(BadAnswer, match="0 to 100"):
        save(sheet, 101, block="belief")


def test_sending_twice_is_sending_once(world, sheet):
    heard = []
    receiver = events.submitted.connect(lambda **kwargs: heard.append(kwargs["response"].pk), weak=False)
    try:
        save(sheet, "done")
        first = submit(assignment=sheet, by=world.client.user, now=NOW)
        again = submit(assignment=sheet, by=world.client.user, now=NOW + timedelta(minutes=1))
    finally:
        events.submitted.disconnect(receiver)
    assert (first.pk, again.submitted_at, len(heard)) == (again.pk, NOW, 1)
    assert status_of(world, sheet) == AssignmentStatus.DONE


def test_after_sending_nothing_is_overwritten_and_the_save_is_still_heard(world, sheet):
    save(sheet, "sent")
    submit(assignment=sheet, by=world.client.user, now=NOW)
    heard = []
    receiver = lambda **kwargs: heard.append((kwargs["value"], kwargs["refused"]))  # noqa: E731
    events.answer_saved.connect(receiver)
    late = save(sheet, "late", rev=1)
    events.answer_saved.disconnect(receiver)
    assert "already sent" in str(late.closed)
    assert heard == [("late", True)]
    with world.scope():
        assert Answer.objects.get().value == "sent"


def test_a_closed_one_takes_no_answer_and_cannot_be_sent(world, sheet):
    with world.scope():
        Assignment.objects.filter(pk=sheet.pk).update(closes_at=NOW)
    assert save(sheet, "late").closed
    with pytest.raises(CannotAnswer):
        submit(assignment=sheet, by=world.client.user, now=NOW)


def test_answers_are_sealed_in_the_table(world, sheet):
    save(sheet, "a very private sentence")
    with world.scope():
        raw = Answer.objects.extra(select={"raw": "value"}).values_list("raw", flat=True).get()
    assert b"private" not in bytes(raw)


def test_a_comment_marks_the_response_as_read_and_the_client_sees_it(world, sheet):
    response = submit(assignment=sheet, by=world.client.user, now=NOW)
    comment(response=response, body=" Brave. ", by=world.therapist, now=NOW, block="worry")
    with world.scope():
        assert Comment.objects.get().body == "Brave."
        assert Response.objects.get().reviewed_by == world.therapist
    assert (see_comments(response=response, now=NOW), see_comments(response=response, now=NOW)) == (1, 0)


@pytest.mark.parametrize("body", ["", "   ", "x" * 5001])
def test_a_comment_that_cannot_be_kept_says_why(world, sheet, body):
    response = submit(assignment=sheet, by=world.client.user, now=NOW)
    with pytest.raises(CannotComment):
        comment(response=response, body=body, by=world.therapist, now=NOW)


def test_a_draft_cannot_be_commented(world, sheet):
    save(sheet, "not yet")
    with world.scope():
        response = Response.objects.get()
    with pytest.raises(CannotComment):
        comment(response=response, body="hm", by=world.therapist, now=NOW)


def notified(world: World, kind: str) -> list[tuple[int, int]]:
    number = NOTIFICATION_KINDS[kind].number
    with world.scope():
        return list(Notification.objects.filter(kind=number).order_by("channel").values_list("user_id", "channel"))


def test_the_therapist_is_told_in_the_app_when_answers_come(world, sheet):
    submit(assignment=sheet, by=world.client.user, now=NOW)
    assert notified(world, "homework.submitted") == [(world.therapist.pk, Channel.IN_APP)]


def test_two_replies_are_one_notification_until_the_client_looked(world, sheet):
    response = submit(assignment=sheet, by=world.client.user, now=NOW)
    for text in ("one", "two"):
        comment(response=response, body=text, by=world.therapist, now=NOW)
    once = notified(world, "homework.commented")
    see_comments(response=response, now=NOW)
    comment(response=response, body="three", by=world.therapist, now=NOW)
    assert once == [(world.client.user_id, Channel.IN_APP), (world.client.user_id, Channel.EMAIL)]
    assert len(notified(world, "homework.commented")) == 2 * len(once)
