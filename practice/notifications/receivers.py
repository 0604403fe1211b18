"""Nudges the outbox when something urgent was put into it."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from practice.notifications.events import enqueued
from practice.notifications.kinds import kind_of
from practice.notifications.models import Channel
from practice.notifications.nudging import nudge
from practice.notifications.tasks import outbox_tick

URGENT = 2


@receiver(enqueued)
def deliver_soon(sender: Any, kind: str, channels: Collection[int], **kwargs: Any) -> None:
    """Sign-in mails and alarms don't wait for the next tick."""
    if kind_of(kind).priority <= URGENT:
        for channel in sorted(set(channels) - {Channel.IN_APP}):
            nudge(outbox_tick.delay, int(channel))
