"""The mail about unread messages: ten minutes later, one, neutral, and not at all when they were read meanwhile."""

from datetime import timedelta

import pytest

from messaging.domain.marking import mark_read
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
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
    """Takes every letter and keeps it."""

    channel = Channel.EMAIL
    has_provider = False

    def __init__(self) -> None:
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)
        return Result(Outcome.ACCEPTED, "1")


def letters(moment):
    """Return what leaves at a moment."""
    sender = Box()
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


def test_mail_does_not_leave_when_it_was_read_meanwhile(written, conversation):
    mark_read(
        conversation_id=conversation.pk,
        practice_id=conversation.practice_id,
        user=written.client.user,
        seq=2,
        now=SOON,
    )

    assert letters(LATER) == []
