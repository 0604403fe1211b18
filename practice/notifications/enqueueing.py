"""Puts a notification into the outbox. Nothing is sent here: the row commits with what it tells of, or not at all."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from practice.notifications import events
from practice.notifications.channelling import channels_of, ensure_channels
from practice.notifications.kinds import kind_of, subject_of
from practice.notifications.models import Channel, Notification, NotificationStatus
from practice.tenancy import scope


def enqueue(
    *,
    kind: str,
    user_ids: Collection[int],
    practice_id: int,
    subject_type: str,
    subject_id: int,
    now: datetime,
    generation: int = 0,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    payload: str | None = None,
    channels: Collection[Channel] | None = None,
) -> int:
    """How many rows are new: one a user and channel. Called again for the same subject, kind and generation: none.

    Joins the caller's transaction. `not_before` lets it sleep (an escalation). `payload` (JSON with `subject` and
    `text`, perhaps `to`) is sealed with the user's key and wiped once it was accepted. `channels` overrides what the
    person chose. Raises UnknownKind.
    """
    chosen, subject = kind_of(kind), subject_of(subject_type)
    ensure_channels(user_ids)
    by_user = channels_of(user_ids, kind=chosen.number, essential=chosen.essential)
    starts = not_before or now
    if expires_at is None and chosen.stale_after is not None:
        expires_at = starts + chosen.stale_after
    rows = [
        Notification(
            practice_id=practice_id,
            user_id=user_id,
            kind=chosen.number,
            channel=channel,
            subject_type=subject.number,
            subject_id=subject_id,
            generation=generation,
            priority=chosen.priority,
            not_before=starts,
            expires_at=expires_at,
            payload=payload if channel != Channel.IN_APP else None,
            created_at=now,
            status=NotificationStatus.DELIVERED if channel == Channel.IN_APP else NotificationStatus.READY,
            done_at=now if channel == Channel.IN_APP else None,
        )
        for user_id in user_ids
        for channel in sorted(channels if channels is not None else by_user.get(user_id, ()))
    ]
    with transaction.atomic(), scope(practice=practice_id):
        before = _known(rows)
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
        events.enqueued.send(
            sender=Notification, kind=kind, channels={row.channel for row in rows}, user_ids=list(user_ids), now=now
        )
    return len(rows) - int(before)


def _known(rows: list[Notification]) -> int:
    if not rows:
        return 0
    first = rows[0]
    known: int = Notification.objects.filter(
        subject_id=first.subject_id,
        subject_type=first.subject_type,
        kind=first.kind,
        generation=first.generation,
        user_id__in={row.user_id for row in rows},
    ).count()
    return known
