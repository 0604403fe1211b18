"""The send lane: what is due becomes sent, with its outbox rows, in one statement a batch.

One drain, repeated until nothing is due or the time is over:

1. take one of two slots for this transaction, so that at most two workers claim at once;
2. claim a batch of what is due, oldest first, from the watermark on, skipping what others hold;
3. mark it sent (or expired, when its time is over) and insert its outbox rows, by the database's clock;
4. announce the batch, commit, raise the watermark.

A batch that raises is halved down to the row that did it; that row is held with its reason and shown to staff.
A row in the portal and its notification rows commit together or not at all.
"""

import contextlib
import logging
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, connection, transaction

from clients.domain.attending import raise_item
from clients.models import Client
from homework import events
from homework.domain import statements
from homework.models import Assignment
from practice.contributions import NOTIFICATION_KINDS, NotificationKind
from practice.notifications import holding
from practice.notifications.crashing import crash_if
from practice.notifications.kinds import SUBJECTS
from practice.tenancy import scope
from practice.tenancy.outages import is_outage

logger = logging.getLogger(__name__)
BATCH: Final = 1000
SECONDS: Final = 4.0
BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
LANE_LOCK: Final = 0x5E4D  # the advisory lock of this lane; its slots are 0 and 1
LONG_STALE: Final = timedelta(days=36500)
LATE: Final = timedelta(minutes=15)
GATHER: Final = timedelta(minutes=2)  # how long late notifications wait for each other


@dataclass
class Drained:
    """What a drain did."""

    sent: int = 0
    expired: int = 0
    held: int = 0
    seconds: float = 0.0
    on_hold: str = ""


@dataclass(frozen=True)
class Batch:
    """What one claim did."""

    sent: int
    expired: int
    last: datetime | None
    sent_ids: Sequence[int]
    to_plan: Sequence[int]


def drain(
    *, moment: datetime | None = None, seconds: float | None = SECONDS, batch: int = BATCH, quiet: bool = False
) -> Drained:
    """Send what is due, until nothing is or `seconds` are over (None: until nothing is).

    `moment` stands for the database's clock, in the demo and in tests only. `quiet` writes outbox rows as already
    accepted: a history made for a demo talks to no provider. On hold nothing is sent and `on_hold` says why.
    """
    began, done = time.monotonic(), Drained()
    try:
        holding.begin_tick(holding.SENDS)
    except holding.OnHold as hold:
        done.on_hold = str(hold) or "on hold"
        return done
    oldest = _oldest_due(moment)
    if oldest is not None:  # else the claim would only walk once more over what was sent since the last vacuum
        try:
            _send_due(
                {**_kinds(), "moment": moment, "limit": batch, "quiet": quiet},
                done,
                until=None if seconds is None else began + seconds,
            )
        except Exception:
            # the lane ticked, so only what waits can tell that nothing leaves
            with contextlib.suppress(DatabaseError):
                _note_drained(done, _oldest_due(moment))
            raise
        oldest = _oldest_due(moment)
    _note_drained(done, oldest)
    done.seconds = round(time.monotonic() - began, 3)
    return done


def _send_due(params: dict[str, Any], done: Drained, *, until: float | None) -> None:
    """Claim batch after batch, and count in `done`, until nothing is due or the time is over."""
    watermark = BEGINNING
    poisoned: list[int] = []
    while until is None or time.monotonic() < until:
        try:
            found = _claim({**params, "watermark": watermark, "not_these": poisoned}, narrowed=bool(poisoned))
        except DatabaseError as error:
            if is_outage(error):  # a lost connection, a timeout or a full disk is no row's fault: next tick
                raise
            logger.exception("a batch of sends failed; looking for the row that did it")
            before = (done.sent, done.expired, done.held)
            poisoned += _isolate(params, poisoned, done)
            if before == (done.sent, done.expired, done.held) and not poisoned:
                raise  # nobody's row: the statement itself fails
            continue
        if found is None or not (found.sent or found.expired):
            break
        _count(done, found)
        watermark = found.last or watermark


def _claim(params: dict[str, Any], *, narrowed: bool = False, only: bool = False) -> Batch | None:
    """Claim and mark one batch in one transaction; None when both slots are taken."""
    narrowing = statements.ONLY if only else statements.NOT_THESE if narrowed else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.SLOT, {"lane": LANE_LOCK})
        if not cursor.fetchone()[0]:
            return None
        crash_if("before_claim")
        cursor.execute(statements.CLAIM.format(only=narrowing), {**params, "seal": uuid.uuid4().hex})
        sent, expired, last, ids, to_plan = cursor.fetchone()
        crash_if("after_claim")
        found = Batch(sent, expired, last, ids or [], to_plan or [])
        if found.sent_ids:
            events.sent.send(sender=Assignment, ids=found.sent_ids, now=last)
    crash_if("after_commit")
    if found.to_plan:
        with connection.cursor() as cursor:
            cursor.execute(statements.PLAN_ANEW, [list(found.to_plan)])
    return found


def _isolate(params: dict[str, Any], known: Iterable[int], done: Drained) -> list[int]:
    """Send the failing batch in halves; returns the rows that can't be sent, now held."""
    with connection.cursor() as cursor:
        cursor.execute(statements.DUE_IDS, {**params, "not_these": list(known)})
        ids = [row[0] for row in cursor.fetchall()]
    return _halve(params, ids, done)


def _halve(params: dict[str, Any], ids: list[int], done: Drained) -> list[int]:
    try:
        found = _claim({**params, "watermark": BEGINNING, "only": ids}, only=True)
    except DatabaseError as error:
        if is_outage(error):
            raise
        if len(ids) == 1:
            _hold(ids[0], error, done, params["moment"])
            return ids
        middle = len(ids) // 2
        return _halve(params, ids[:middle], done) + _halve(params, ids[middle:], done)
    if found:
        _count(done, found)
    return []


def _hold(pk: int, error: DatabaseError, done: Drained, moment: datetime | None) -> None:
    """Hold one poisoned row with its reason, for staff to see."""
    reason = f"poison: {str(error).splitlines()[0]}"[:200]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.HOLD_POISON, {"id": pk, "reason": reason})
            row = cursor.fetchone()
            if row is None:
                return
            practice_id, client_id = row
            now = moment or datetime.now(UTC)
            with scope(practice=practice_id):
                client = Client.objects.get(pk=client_id)
                raise_item(kind="send_failed", key=f"assignment-{pk}", client=client, subject_id=pk, now=now)
    except DatabaseError:
        logger.exception("assignment %s can be neither sent nor held", pk)
        return
    done.held += 1


def _count(done: Drained, found: Batch) -> None:
    done.sent += found.sent
    done.expired += found.expired


def _oldest_due(moment: datetime | None) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(statements.OLDEST_DUE, {"moment": moment})
        oldest: datetime | None = cursor.fetchone()[0]
    return oldest


def _note_drained(done: Drained, oldest: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements.NOTE_DRAINED, {"lane": holding.SENDS, "oldest": oldest, "sent": done.sent})


def _kinds() -> dict[str, Any]:
    """Numbers and patience of the kinds the claim writes."""
    told, staff, reminder = (NOTIFICATION_KINDS[key] for key in ("homework.sent", "homework.form", "homework.reminder"))
    return {
        "kind": told.number,
        "staff_kind": staff.number,
        "priority": told.priority,
        "stale": _stale(told),
        "reminder": reminder.number,
        "reminder_priority": reminder.priority,
        "reminder_stale": _stale(reminder),
        "subject": SUBJECTS["assignment"].number,
        "late": LATE,
        "gather": GATHER,
    }


def _stale(kind: NotificationKind) -> timedelta:
    return kind.stale_after or LONG_STALE
