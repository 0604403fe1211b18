"""Fault 17: the mail provider answers nothing for two hours. The breaker opens, other lanes don't notice, and what
waited drains at the provider's rate, the urgent first."""

from datetime import timedelta

import pytest

from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, EngineLane, Notification, SendAttempt
from tests.faults.letters import Status, letters, write
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.timeout(200)]
MAILS, PER_MINUTE = 120, 60
DOWN, TICK = timedelta(hours=2), timedelta(seconds=20)


class Provider(Sender):
    """Silent while it is down; remembers when what arrived."""

    channel, has_provider = Channel.EMAIL, False

    def __init__(self):
        self.down, self.tries, self.arrived, self.now = True, 0, [], None

    def per_minute(self):
        return PER_MINUTE

    def send(self, letter):
        self.tries += 1
        if self.down:
            return Result(Outcome.REFUSED, "TimeoutError")
        self.arrived.append((self.now, letter.reference))
        return Result(Outcome.ACCEPTED, "1")


def busiest_minute(arrived):
    moments = [moment for moment, _reference in arrived]
    return max(sum(begin <= moment < begin + timedelta(minutes=1) for moment in moments) for begin in moments)


def test_outage_of_two_hours_opens_the_breaker_and_drains_shaped(world, request):
    provider, moment = Provider(), world.now
    with world.scope():
        write(world, last=MAILS, now=moment)
        while moment < world.now + DOWN:
            deliver(channel=Channel.EMAIL, moment=moment, sender=provider)
            moment += TICK
        tries, attempts = provider.tries, SendAttempt.objects.count()
        assert EngineLane.objects.get(name="outbox-email").open_until is not None
        assert 60 <= tries <= 5 + DOWN / timedelta(minutes=1)
        other = Provider()
        other.down = False
        Notification.objects.filter(channel=Channel.IN_APP, subject_id=1).update(status=Status.READY)
        deliver(channel=Channel.IN_APP, moment=moment, sender=other)
        assert len(other.arrived) == 1
        provider.down, back = False, moment
        while letters(Status.READY).exists():
            provider.now = moment
            deliver(channel=Channel.EMAIL, moment=moment, sender=provider)
            moment += timedelta(seconds=2)
            assert moment < back + timedelta(hours=3)
        references = [reference for _moment, reference in provider.arrived]
        shaped = busiest_minute(provider.arrived)
        more = f"{tries} tries while it was down, then at most {shaped} a minute of {PER_MINUTE}"
        lost, doubled = MAILS - len(set(references)), len(references) - len(set(references))
        first = (provider.arrived[0][0] - back).total_seconds()
        tell(request, Told("17", None, lost, doubled, 0, first, more))
        assert (lost, doubled, attempts) == (0, 0, tries)
        assert shaped <= PER_MINUTE
        assert first <= 60


def test_urgent_mail_does_not_wait_behind_the_queue(world):
    provider, moment = Provider(), world.now
    provider.down = False
    with world.scope():
        write(world, last=MAILS, now=moment)
        deliver(channel=Channel.EMAIL, moment=moment, sender=provider)
        rows = Notification.objects.filter(kind=210, channel=Channel.EMAIL, status=Status.READY)
        urgent = rows.order_by("-pk").first()
        rows.filter(pk=urgent.pk).update(priority=1)
        deliver(channel=Channel.EMAIL, moment=moment, sender=provider)
        urgent.refresh_from_db()
        assert (urgent.status, rows.exists()) == (Status.ACCEPTED, True)
