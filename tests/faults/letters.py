"""Mails for faults of the outbox: a kind that stands for itself, and rows of it."""

from datetime import datetime, timedelta

from practice.contributions import NOTIFICATION_KINDS, NotificationKind
from practice.notifications.delivering import Delivered, deliver
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel, Notification, NotificationStatus
from tests.people import World

LETTER, JOINED = "fault.letter", "fault.joined"
if LETTER not in NOTIFICATION_KINDS:
    NOTIFICATION_KINDS.register(
        LETTER, NotificationKind(210, "letter", "nowhere", essential=True, ignores_quiet=True, stale_after=None)
    )
    NOTIFICATION_KINDS.register(JOINED, NotificationKind(211, "joined", "nowhere", ignores_quiet=True))

Status = NotificationStatus


def write(world: World, *, first: int = 1, last: int, now: datetime, kind: str = LETTER) -> None:
    """Put letters with these numbers to the world's client into the outbox."""
    for number in range(first, last + 1):
        enqueue(
            kind=kind,
            user_ids=[world.client.user_id],
            practice_id=world.practice.pk,
            subject_type="user",
            subject_id=number,
            now=now,
        )


def letters(status: NotificationStatus | None = None):
    """The rows, in the open scope."""
    rows = Notification.objects.filter(kind=210, channel=Channel.EMAIL)
    return rows if status is None else rows.filter(status=status)


def deliver_until_done(now: datetime, **options) -> tuple[int, datetime]:
    """Deliver, with the clock moving on between the rounds, until nothing waits; returns rounds and the last moment."""
    rounds, moment = 0, now
    while Notification.objects.filter(channel=Channel.EMAIL, status__in=[Status.READY, Status.LEASED]).exists():
        done: Delivered = deliver(channel=Channel.EMAIL, moment=moment, **options)
        assert not done.on_hold
        rounds += 1
        assert rounds < 400, "it never ends"
        moment += timedelta(minutes=2) * min(rounds, 60)
    return rounds, moment
