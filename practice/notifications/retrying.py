"""What a person does about a notification that was given up: try it again, or leave it at that."""

from datetime import datetime

from django.db import transaction

from practice.audit import record
from practice.notifications.kinds import kind_by_number
from practice.notifications.models import Notification, NotificationStatus
from practice.notifications.tallying import given_up
from practice.people.models import User
from practice.tenancy import scope


class CannotRetry(Exception):
    """It is no longer given up, or its words were wiped."""


def may_retry(row: Notification) -> bool:
    """Return whether it can be written again: a link or a code that was sealed is wiped when it ends."""
    return not kind_by_number(row.kind)[1].own_words


@transaction.atomic
def try_again(*, notification: Notification, by: User, now: datetime) -> Notification:
    """Make it ready again, as if it had just been asked for, with all its tries. Its delivery log stays.

    Raises CannotRetry when someone did so already, or when it had words of its own.
    """
    _key, kind = kind_by_number(notification.kind)
    if kind.own_words:
        raise CannotRetry("its words were wiped when it ended")
    with scope(practice=notification.practice_id):
        row = _locked(notification)
        row.status, row.attempts, row.not_before, row.done_at = NotificationStatus.READY, 0, now, None
        row.expires_at = now + kind.stale_after if kind.stale_after else None
        row.save(update_fields=["status", "attempts", "not_before", "expires_at", "done_at"])
        record("delivery_retried", practice_id=row.practice_id, by=by, now=now, subject=row)
    return row


@transaction.atomic
def discard(*, notification: Notification, by: User, now: datetime) -> Notification:
    """Leave it at that: it is no longer listed as given up. Raises CannotRetry when someone else was quicker."""
    with scope(practice=notification.practice_id):
        row = _locked(notification)
        row.status, row.done_at, row.last_error = NotificationStatus.SUPPRESSED, now, "discarded"
        row.save(update_fields=["status", "done_at", "last_error"])
        record("delivery_discarded", practice_id=row.practice_id, by=by, now=now, subject=row)
    return row


def _locked(notification: Notification) -> Notification:
    row = given_up().select_for_update().filter(pk=notification.pk).first()
    if row is None:
        raise CannotRetry("it is no longer given up")
    return row
