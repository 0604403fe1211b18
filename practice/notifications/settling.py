"""Writes what became of leased rows, only where the lease is still ours: a zombie changes nothing.

A try (what a provider said to one letter) is one statement: the row's state, the line in the log, the breaker closed.
"""

import random
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from practice.notifications import breaking, events, joining, statements
from practice.notifications.channels import Outcome, Result
from practice.notifications.kinds import kind_by_number
from practice.notifications.models import Notification, NotificationStatus
from practice.notifications.writing import address_of
from practice.vault import CannotOpen

FIRST_WAIT: Final = 30.0
LONGEST_WAIT: Final = 24 * 3600.0
MOST_ATTEMPTS: Final = 12
AGAIN: Final = {Outcome.REFUSED, Outcome.UNSURE}
Status = NotificationStatus


@dataclass
class Delivered:
    """What a tick did."""

    by_status: dict[str, int] = field(default_factory=dict)
    on_hold: str = ""

    def count(self, status: NotificationStatus) -> None:
        """One more row in this state."""
        self.by_status[status.name.lower()] = self.by_status.get(status.name.lower(), 0) + 1


@dataclass(frozen=True)
class Lease:
    """Rows that are ours for a while, and since when. `moment` is the database's clock, `until` ours."""

    token: uuid.UUID
    moment: datetime
    rows: list[Notification]
    lane: str
    until: float
    given: datetime | None = None  # a moment that stands for the database's clock
    took_at: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The database's clock now, as far as we know."""
        return self.given or self.moment + timedelta(seconds=time.monotonic() - self.took_at)


@dataclass(frozen=True)
class Noted:
    """What writing a try down led to. `goes_on`: the breaker is closed; `following`: the next row is ours, if asked."""

    goes_on: bool
    following: bool | None = None


@dataclass(frozen=True)
class Ending:
    """A row's next state, with why or under which reference."""

    status: NotificationStatus
    error: str = ""
    reference: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    give_back: int = 0


def settle(row: Notification, leased: Lease, done: Delivered, ending: Ending) -> bool:
    """Write a row's new state; returns whether the row was still ours."""
    with connection.cursor() as cursor:
        cursor.execute(statements.SETTLE, _params(row, leased, ending))
        ours: bool = cursor.rowcount == 1
    if ours:
        done.count(ending.status)
    return ours


def is_ours(row: Notification, leased: Lease) -> bool:
    """Return whether a row is still ours: not taken back by whoever made it pointless, the lease not over."""
    with connection.cursor() as cursor:
        cursor.execute(statements.STILL_OURS, {"id": row.pk, "token": leased.token.hex, "moment": leased.given})
        return bool(cursor.fetchone()[0])


def suppress_leased(row: Notification, leased: Lease, done: Delivered, reason: str) -> None:
    """Don't send it; what was joined into it stands for itself again."""
    with transaction.atomic():
        if settle(row, leased, done, Ending(Status.SUPPRESSED, error=reason)):
            joining.part([row.user_id], [row.pk])


def sleep(row: Notification, leased: Lease, done: Delivered, *, until: datetime) -> None:
    """Quiet hours: wait for their end; it is no attempt, and what may leave then is not late by that."""
    later = Ending(Status.READY, not_before=until, expires_at=until + timedelta(hours=1), give_back=1)
    settle(row, leased, done, later)


def give_back(leased: Lease) -> None:
    """The breaker opened or the time is over: what this lease still holds is ready again, and was no attempt."""
    held = Notification.objects.filter(lease_token=leased.token, status=Status.LEASED)
    held.update(status=Status.READY, lease_token=None, lease_until=None, attempts=F("attempts") - 1)


def note_try(
    row: Notification,
    leased: Lease,
    result: Result,
    done: Delivered,
    *,
    took: timedelta,
    following: Notification | None = None,
) -> Noted:
    """Write what a provider said to a row, and tell who must know.

    Where it took the letter the same statement asks whether the `following` row is still ours.
    """
    ending = _ending(row, leased, result)
    if result.outcome == Outcome.ACCEPTED:
        _ours, next_is_ours = _settle_try(row, leased, result, done, ending, took=took, following=following)
        return Noted(True, next_is_ours if following else None)
    with transaction.atomic():
        ours, _unasked = _settle_try(row, leased, result, done, ending, took=took)
        if ours:
            _tell(row, leased, ending)
        return Noted(not _failed(result) or not breaking.note_failure(leased.lane, leased.now()))


def _failed(result: Result) -> bool:
    """Whether the provider itself seems to be down."""
    return result.outcome in AGAIN and not result.alive


def _ending(row: Notification, leased: Lease, result: Result) -> Ending:
    if result.outcome == Outcome.ACCEPTED:
        return Ending(Status.ACCEPTED, reference=result.reference)
    error = f"{result.outcome.value} {result.code}"
    if result.outcome in AGAIN and row.attempts < MOST_ATTEMPTS:
        return Ending(Status.READY, error=error, not_before=leased.now() + backoff(row.attempts))
    return Ending(Status.BOUNCED if result.outcome == Outcome.BOUNCED else Status.DEAD, error=error)


def _settle_try(
    row: Notification,
    leased: Lease,
    result: Result,
    done: Delivered,
    ending: Ending,
    *,
    took: timedelta,
    following: Notification | None = None,
) -> tuple[bool, bool]:
    params = _params(row, leased, ending) | {
        "n": row.attempts,
        "started_at": leased.moment,
        "ended_at": leased.moment + took,
        "outcome": result.outcome.value,
        "code": result.code[:120],
        "alive": not _failed(result),
        "lane": leased.lane,
        "following": following and following.pk,
        "moment": leased.given,
    }
    with connection.cursor() as cursor:
        statements.SETTLE_TRY.execute(cursor, params)
        settled, next_is_ours = cursor.fetchone()
    if settled:
        done.count(ending.status)
    return bool(settled), next_is_ours


def _tell(row: Notification, leased: Lease, ending: Ending) -> None:
    """Announce what will not be tried again."""
    key, _kind = kind_by_number(row.kind)
    told: dict[str, Any] = {"user_id": row.user_id, "practice_id": row.practice_id, "kind": key, "now": leased.moment}
    try:
        told["address"] = address_of(row)
    except CannotOpen:  # which may be why it can't be sent
        told["address"] = row.user.email or ""
    if ending.status == Status.BOUNCED:
        events.bounced.send(sender=Notification, subject_id=row.subject_id, **told)
    elif ending.status == Status.DEAD:
        events.gave_up.send(sender=Notification, notification_id=row.pk, reason=ending.error, **told)


def backoff(attempts: int) -> timedelta:
    """How long to wait after this many tries: up to 30 s · 2ⁿ, at most a day, spread over the whole span."""
    return timedelta(seconds=random.uniform(0, min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)))  # noqa: S311


def _params(row: Notification, leased: Lease, ending: Ending) -> dict[str, Any]:
    return {
        "id": row.pk,
        "token": leased.token.hex,
        "status": ending.status.value,
        "error": ending.error[:200],
        "reference": ending.reference[:120],
        "done_at": None if ending.status == Status.READY else leased.moment,
        "not_before": ending.not_before,
        "expires_at": ending.expires_at,
        "give_back": ending.give_back,
    }
