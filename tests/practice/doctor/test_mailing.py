"""`doctor --send-mail`: a real row of the outbox, and what became of it."""

import pytest
from django.utils import timezone

from practice.contributions import State
from practice.doctor.mailing import send_test_mail
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel


class Box(Sender):
    """Takes or refuses letters, and keeps them."""

    channel = Channel.EMAIL

    def __init__(self, outcome):
        self.outcome, self.letters = outcome, []

    def send(self, letter):
        self.letters.append(letter)
        return Result(self.outcome, "550", letter.reference)


def mailed(box, seconds=5.0):
    def work(_seconds):
        deliver(channel=Channel.EMAIL, sender=box, moment=timezone.now())

    return send_test_mail(address="op@house.example", now=timezone.now(), seconds=seconds, sleep=work)


def test_a_mail_that_is_taken(world):
    box = Box(Outcome.ACCEPTED)
    found = mailed(box)
    assert (found.state, found.facts["attempts"]) == (State.OK, 1)
    assert [letter.to for letter in box.letters] == ["op@house.example"]
    assert mailed(box).state == State.OK  # a second one is another row


@pytest.mark.parametrize(("outcome", "says"), [(Outcome.BOUNCED, "given up"), (Outcome.REFUSED, "wasn't taken")])
def test_a_mail_that_is_not_taken(world, outcome, says):
    found = mailed(Box(outcome), seconds=0.3)
    assert found.state == State.FAIL
    assert says in found.says


def test_nobody_works(world):
    found = send_test_mail(address="op@house.example", now=timezone.now(), seconds=0.0)
    assert "nobody took" in found.says


@pytest.mark.django_db
def test_no_practice_yet():
    assert "start_practice" in send_test_mail(address="op@house.example", now=timezone.now()).do
