"""The outbox's ticks, one channel each. Tasks may be lost, doubled or late: the rows are the truth."""

from celery import shared_task

from practice.notifications.delivering import deliver
from practice.notifications.models import Channel


@shared_task(expires=60)  # a nudge that nobody took within a minute is no longer needed: ticks came since
def outbox_tick(channel: int) -> None:
    """Deliver what is ready by one channel."""
    deliver(channel=Channel(channel))
