"""Rows of the outbox in every state."""

from datetime import datetime
from typing import Any

from clients.models import Client
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel, Notification, NotificationStatus
from practice.tenancy import scope


def mail(client: Client, *, now: datetime, kind: str = "care_team", generation: int = 0, **fields: Any) -> Notification:
    """Return a row of the outbox about this client, changed as `fields` say."""
    enqueue(
        kind=kind,
        user_ids=[client.user_id],
        practice_id=client.practice_id,
        subject_type="client",
        subject_id=client.pk,
        now=now,
        generation=generation,
        channels=[Channel.EMAIL],
    )
    with scope(practice=client.practice_id):
        row = Notification.objects.filter(user_id=client.user_id, generation=generation).latest("pk")
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return row


def dead_mail(client: Client, *, now: datetime, **fields: Any) -> Notification:
    """Return one that was given up."""
    given_up = {"status": NotificationStatus.DEAD, "attempts": 12, "last_error": "dead 554", "done_at": now}
    return mail(client, now=now, **{**given_up, **fields})
