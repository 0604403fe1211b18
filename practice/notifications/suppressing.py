"""Takes back what has not left yet, in the transaction of the act that made it pointless."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from practice.contributions import NOTIFICATION_KINDS
from practice.notifications.joining import part
from practice.notifications.kinds import subject_of
from practice.notifications.models import Notification, NotificationStatus

WAITING = (NotificationStatus.READY, NotificationStatus.LEASED)


def suppress(
    *,
    subject_type: str,
    subject_ids: Collection[int],
    reason: str,
    now: datetime,
    kind: str | None = None,
    only_due: bool = False,
    user_id: int | None = None,
) -> int:
    """How many waiting rows about these subjects (to everybody, or to one user) will not be sent, in the open scope.

    `only_due` leaves alone what sleeps until later (reminders, escalations). One that is being sent this moment is
    marked too: whoever holds it finds its lease gone. What was joined into one of them stands for itself again.
    """
    rows = Notification.objects.filter(
        subject_type=subject_of(subject_type).number, subject_id__in=subject_ids, status__in=WAITING
    )
    if kind is not None:
        rows = rows.filter(kind=NOTIFICATION_KINDS[kind].number)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if only_due:
        rows = rows.filter(not_before__lte=now)
    about = dict(rows.values_list("pk", "user_id"))
    changed = _suppress(rows, reason, now)
    if about:
        part(set(about.values()), about)
    return changed


def suppress_user(*, user_id: int, practice_id: int, reason: str, now: datetime) -> int:
    """How many of a person's waiting rows will not be sent; what is essential stays.

    First what was joined into them stands for itself again: it may be another practice's, and that one still sends.
    """
    essential = [kind.number for kind in NOTIFICATION_KINDS if kind.essential]
    rows = Notification.objects.filter(user_id=user_id, practice_id=practice_id, status__in=WAITING)
    rows = rows.exclude(kind__in=essential)
    part([user_id], list(rows.values_list("pk", flat=True)))
    return _suppress(rows, reason, now)


def _suppress(rows: Any, reason: str, now: datetime) -> int:
    changed: int = rows.update(
        status=NotificationStatus.SUPPRESSED, last_error=reason, done_at=now, lease_token=None, payload=None
    )
    return changed
