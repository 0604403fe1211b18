"""Takes what is ready from the outbox to the providers.

One round, repeated until nothing is ready or the time is over:

1. lease a batch in one statement and commit: other workers leave it alone until the lease ends;
2. sort out what must not go: too late, read meanwhile, no longer chosen, night for the reader; join several into one;
3. for each of the rest: ask once more whether it is wanted, talk to the provider with no transaction open,
   then write what came of it only where the lease is still ours: a zombie changes nothing.

A definite no comes again after 30 s · 2ⁿ with full jitter; an answer that never came is tried again under the same
reference; five failures in a row open the channel's breaker for a minute.
"""

import logging
import random
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from practice.contributions import NOTIFICATION_KINDS
from practice.notifications import events, holding, statements
from practice.notifications.channelling import channels_of
from practice.notifications.channels import Outcome, Result, Sender, senders
from practice.notifications.crashing import crash_if
from practice.notifications.kinds import kind_by_number, still_wanted
from practice.notifications.models import Channel, EngineLane, Notification, NotificationStatus, SendAttempt
from practice.notifications.quieting import quiet_ends
from practice.notifications.writing import letter_for
from practice.tenancy import every_practice

logger = logging.getLogger(__name__)
BATCH: Final = 100
LEASE: Final = timedelta(minutes=5)
FIRST_WAIT: Final = 30.0
LONGEST_WAIT: Final = 24 * 3600.0
MOST_ATTEMPTS: Final = 12
BREAKER_FAILURES: Final = 5
BREAKER_OPEN: Final = timedelta(seconds=60)
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
    """Rows that are ours for a while, and since when."""

    token: uuid.UUID
    moment: datetime
    rows: list[Notification]


def lane_of(channel: Channel) -> str:
    """The lane's name of a channel."""
    return f"outbox-{channel.name.lower()}"


def deliver(
    *,
    channel: Channel,
    moment: datetime | None = None,
    seconds: float = 20.0,
    batch: int = BATCH,
    lease: timedelta = LEASE,
    sender: Sender | None = None,
) -> Delivered:
    """Deliver what is ready by this channel. `moment` stands for the database's clock in the demo and in tests."""
    done, until = Delivered(), time.monotonic() + seconds
    lane = lane_of(channel)
    try:
        seen = holding.begin_tick(lane)
    except holding.OnHold as hold:
        done.on_hold = str(hold)
        return done
    if seen.open_until and seen.open_until > seen.now:
        return done
    talking = sender or senders()[channel]()
    try:
        with every_practice("the outbox serves all practices"):
            while time.monotonic() < until:
                leased = _lease(channel, moment=moment, batch=batch, lease=lease)
                if not leased.rows or not _round(leased, talking, lane, done, moment=moment):
                    break
    finally:
        talking.close()
    return done


def _lease(channel: Channel, *, moment: datetime | None, batch: int, lease: timedelta) -> Lease:
    token = uuid.uuid4()
    params: dict[str, Any] = {
        "channel": channel.value,
        "moment": moment,
        "limit": batch,
        "token": token.hex,
        "lease": lease,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LEASE, params)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(statements.NOW, params)
        (now,) = cursor.fetchone()
    rows = Notification.objects.filter(pk__in=ids).select_related("user")
    crash_if("after_lease")
    return Lease(token, now, list(rows.order_by("priority", "not_before", "pk")))


def _round(leased: Lease, talking: Sender, lane: str, done: Delivered, *, moment: datetime | None) -> bool:
    """One leased batch; returns whether the channel may go on."""
    for row in _sorted_out(leased, done, moment=moment):
        if not still_wanted(row.subject_type, [row.subject_id], kind=row.kind):
            _settle(row, leased, done, Status.SUPPRESSED, error="no longer wanted")
            continue
        if not _speak(row, leased, talking, lane, done):
            _give_back(leased, done)
            return False
    return True


def _sorted_out(leased: Lease, done: Delivered, *, moment: datetime | None) -> list[Notification]:
    """Those to hand over, after everything that must not go now was put where it belongs."""
    users = {row.user_id for row in leased.rows}
    quiet = quiet_ends(users, leased.moment)
    reached = {number: channels_of(users, kind=number, essential=False) for number in {row.kind for row in leased.rows}}
    leads: dict[int, Notification] = {}
    going: list[Notification] = []
    for row in leased.rows:
        _key, kind = kind_by_number(row.kind)
        joins = not kind.essential and row.payload is None
        if row.expires_at and row.expires_at <= leased.moment:
            _settle(row, leased, done, Status.SUPPRESSED, error="late")
        elif not kind.essential and row.channel not in reached[row.kind].get(row.user_id, ()):
            _settle(row, leased, done, Status.SUPPRESSED, error="preference")
        elif not row.payload and (not row.user.email or not row.user.is_active):
            _settle(row, leased, done, Status.SUPPRESSED, error="no address")
        elif row.user_id in quiet and not kind.ignores_quiet:
            _sleep(row, leased, done, until=quiet[row.user_id])
        elif joins and row.user_id in leads:
            _settle(row, leased, done, Status.COLLAPSED, error=f"into {leads[row.user_id].pk}")
        else:
            going.append(row)
            if joins:
                leads[row.user_id] = row
    if leads:
        _collapse_the_rest(leads, moment=moment)
    return going


def _collapse_the_rest(leads: dict[int, Notification], *, moment: datetime | None) -> None:
    first = next(iter(leads.values()))
    params: dict[str, Any] = {
        "channel": first.channel,
        "practices": list({row.practice_id for row in leads.values()}),
        "users": list(leads),
        "into": [row.pk for row in leads.values()],
        "essential": [kind.number for kind in NOTIFICATION_KINDS if kind.essential],
        "moment": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.COLLAPSE, params)


def _speak(row: Notification, leased: Lease, talking: Sender, lane: str, done: Delivered) -> bool:
    """Hand over one row and write what came of it; returns False when the breaker opened."""
    key, kind = kind_by_number(row.kind)
    started = time.monotonic()
    try:
        result = talking.send(letter_for(row, key=key, kind=kind))
    except Exception:
        logger.exception("notification %s can't be written", row.pk)
        result = Result(Outcome.DEAD, "can't be written")
    crash_if("after_handover")
    took = timedelta(seconds=time.monotonic() - started)
    with transaction.atomic():
        if _note_result(row, key, leased, result, done):
            SendAttempt.objects.create(
                notification_id=row.pk,
                n=row.attempts,
                started_at=leased.moment,
                ended_at=leased.moment + took,
                outcome=result.outcome.value,
                provider_code=result.code[:120],
            )
        return _note_breaker(lane, leased.moment, failed=result.outcome in {Outcome.REFUSED, Outcome.UNSURE})


def _note_result(row: Notification, key: str, leased: Lease, result: Result, done: Delivered) -> bool:
    if result.outcome == Outcome.ACCEPTED:
        return _settle(row, leased, done, Status.ACCEPTED, reference=result.reference)
    error = f"{result.outcome.value} {result.code}"
    if result.outcome in {Outcome.REFUSED, Outcome.UNSURE} and row.attempts < MOST_ATTEMPTS:
        return _settle(row, leased, done, Status.READY, error=error, not_before=leased.moment + backoff(row.attempts))
    status = Status.BOUNCED if result.outcome == Outcome.BOUNCED else Status.DEAD
    if not _settle(row, leased, done, status, error=error):
        return False
    told: dict[str, Any] = {"user_id": row.user_id, "practice_id": row.practice_id, "kind": key, "now": leased.moment}
    if status == Status.BOUNCED:
        events.bounced.send(sender=Notification, subject_id=row.subject_id, address=row.user.email, **told)
    else:
        events.gave_up.send(sender=Notification, notification_id=row.pk, reason=error, **told)
    return True


def backoff(attempts: int) -> timedelta:
    """How long to wait after this many tries: up to 30 s · 2ⁿ, at most a day, spread over the whole span."""
    return timedelta(seconds=random.uniform(0, min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)))  # noqa: S311


def _note_breaker(lane: str, now: datetime, *, failed: bool) -> bool:
    lanes = EngineLane.objects.filter(name=lane)
    if not failed:
        lanes.filter(failures__gt=0).update(failures=0)
        return True
    lanes.update(failures=F("failures") + 1)
    opened = lanes.filter(failures__gte=BREAKER_FAILURES).update(failures=0, open_until=now + BREAKER_OPEN)
    return not opened


def _sleep(row: Notification, leased: Lease, done: Delivered, *, until: datetime) -> None:
    """Quiet hours: wait for their end; it is no attempt, and what may leave then is not late by that."""
    _settle(
        row, leased, done, Status.READY, not_before=until, expires_at=until + timedelta(hours=1), give_back=1,
    )  # fmt: skip


def _give_back(leased: Lease, done: Delivered) -> None:
    """The breaker opened: what this lease still holds is ready again."""
    held = Notification.objects.filter(lease_token=leased.token, status=Status.LEASED)
    held.update(status=Status.READY, lease_token=None, lease_until=None, attempts=F("attempts") - 1)


def _settle(
    row: Notification,
    leased: Lease,
    done: Delivered,
    status: NotificationStatus,
    *,
    error: str = "",
    reference: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    give_back: int = 0,
) -> bool:
    """Write a row's new state where the lease is still ours; returns whether it was."""
    params: dict[str, Any] = {
        "id": row.pk,
        "token": leased.token.hex,
        "status": status.value,
        "error": error[:200],
        "reference": reference[:120],
        "done_at": None if status == Status.READY else leased.moment,
        "not_before": not_before,
        "expires_at": expires_at,
        "give_back": give_back,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.SETTLE, params)
        ours: bool = cursor.rowcount == 1
    if ours:
        done.count(status)
    return ours
