"""The mail about unread messages: ten minutes later, one, neutral, and not at all when they were read meanwhile."""

from datetime import timedelta

import pytest

from messaging.domain.marking import mark_read
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel
from tests.people import NOW

SOON, LATER = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)


@pytest.fixture
def written(write, world):
    """Noor wrote two messages at noon."""
    write(world.therapist, "About the bridge")
    write(world.therapist, "And about Monday", now=NOW + timedelta(minutes=1))
    return world


class Box(Sender):
    """Keeps every letter, whatever it says to it."""

    channel = Channel.EMAIL
    has_provider = False

    def __init__(self, says) -> None:
        self.says, self.letters = says, []

    def send(self, letter):
        self.letters.append(letter)
        return Result(self.says, "1")


def letters(moment, says=Outcome.ACCEPTED):
    """Return what leaves at a moment, to a server that says this to everything."""
    sender = Box(says)
    deliver(channel=Channel.EMAIL, moment=moment, sender=sender)
    return sender.letters


def test_mail_leaves_after_ten_minutes_once_and_says_nothing_of_it(written):
    assert letters(SOON) == []
    (letter,) = letters(LATER)
    assert letters(LATER + timedelta(hours=1)) == []

    assert letter.to == written.client.user.email
    assert "/messages/" in letter.text
    words = f"{letter.subject} {letter.text} {letter.html}"
    assert [word for word in ("bridge", "Monday", "Noor", "therap") if word in words] == []


def test_mail_leaves_once_however_late_while_they_are_unread(written, write):
    """Nothing left for three days; there will be no other mail before they read."""
    write(written.therapist, "Are you well?", now=NOW + timedelta(days=2))
    late = NOW + timedelta(days=3)

    assert [len(letters(late + timedelta(hours=hours))) for hours in (0, 1)] == [1, 0]


def test_mail_does_not_leave_when_it_was_read_meanwhile(written, conversation):
    mark_read(
        conversation_id=conversation.pk,
        practice_id=conversation.practice_id,
        user=written.client.user,
        seq=2,
        now=SOON,
    )

    assert letters(LATER) == []


def test_what_was_joined_into_the_mail_leaves_all_the_same_when_the_messages_were_read(written, conversation):
    """The mail server refuses for now; meanwhile the messages are read, but nothing is known of the rest."""
    client = written.client
    enqueue(
        kind="homework.commented", user_ids=[client.user_id], practice_id=client.practice_id, subject_type="user",
        subject_id=client.user_id, now=NOW + timedelta(minutes=10, seconds=30),
    )  # fmt: skip
    assert letters(LATER, Outcome.REFUSED) != []
    assert letters(LATER) == []

    mark_read(conversation_id=conversation.pk, practice_id=conversation.practice_id, user=client.user, seq=2, now=LATER)

    assert len(letters(LATER)) == 1
