"""Takes what is ready from the outbox to the providers.

One round, repeated until nothing is ready or the time is over:

1. lease a batch in one statement and commit: other workers leave it alone until the lease ends; ordinary rows only as
   many as the provider's rate allows (pacing.py), never two of one person in two workers (joining.py);
2. sort out what must not go: too late, read meanwhile, no longer chosen, night for the reader; join several into one;
3. write the letters of the rest, then for each: ask once more whether it is ours and wanted, talk to the provider with
   no transaction open, then write what came of it only where the lease is still ours (settling.py).

Whoever pauses, archives or withdraws takes the row back in their own transaction, and each row is asked for just before
its letter leaves: by the statement that settles the one before it. What merely became pointless (read meanwhile) is
asked for the whole batch, and again as soon as the answer is half a second old: before each letter where a provider
is slow.

A definite no comes again after 30 s · 2ⁿ with full jitter; an answer that never came is tried again under the same
reference; five failures in a row open the channel's breaker for a minute (breaking.py). When the time is over, what the
round still holds is ready again: a slow provider never outlasts a lease.
"""

import contextlib
import logging
import time
import uuid
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, Final, Literal

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from practice.notifications import breaking, holding, joining, pacing, statements
from practice.notifications.channelling import channels_of
from practice.notifications.channels import Outcome, Result, Sender, senders
from practice.notifications.crashing import crash_if
from practice.notifications.kinds import kind_by_number, knows, still_wanted
from practice.notifications.models import Channel, EngineLane, Notification, NotificationStatus
from practice.notifications.quieting import quiet_ends
from practice.notifications.settling import (
    Delivered,
    Ending,
    Lease,
    Noted,
    give_back,
    is_ours,
    note_try,
    settle,
    sleep,
    suppress_leased,
)
from practice.notifications.writing import letter_for
from practice.tenancy import every_practice
from practice.tenancy.outages import is_outage

logger = logging.getLogger(__name__)
BATCH: Final = 100
LEASE: Final = timedelta(minutes=5)
NEXT_RELEASE: Final = timedelta(minutes=5)  # how long what only it knows is left alone
FRESH: Final = 0.5  # seconds for which the answer to "is it still wanted?" holds for a batch
LEASING_LOCK: Final = 0x0B0C  # the advisory lock of leases; its second number is the channel
EVERY_PRIORITY: Final = 99
Status = NotificationStatus


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
    if breaking.is_open(seen.open_until, moment or seen.now):
        return done
    talking = sender or senders()[channel]()
    try:
        with every_practice("the outbox serves all practices"):
            while time.monotonic() < until:
                leased = _lease(
                    channel, moment=moment, batch=batch, lease=lease, rate=talking.per_minute(), until=until
                )
                if not leased.rows or not _round(leased, talking, done):
                    break
    except Exception:
        # the lane ticked, so only what waits can tell that nothing leaves
        with contextlib.suppress(DatabaseError):
            _note_lane(channel, lane, done, moment)
        raise
    finally:
        talking.close()
    _note_lane(channel, lane, done, moment)
    return done


def _note_lane(channel: Channel, lane: str, done: Delivered, moment: datetime | None) -> None:
    """Write down since when the oldest ready row waits, that something moved, and how many the provider took."""
    with connection.cursor() as cursor:
        cursor.execute(statements.OLDEST_READY, {"channel": channel.value, "moment": moment})
        oldest, now = cursor.fetchone()
    moved: dict[str, Any] = {"last_drained_at": now} if done.by_status else {}
    accepted = done.by_status.get("accepted", 0)
    if accepted:
        moved["sent_total"] = F("sent_total") + accepted
    EngineLane.objects.filter(name=lane).update(oldest_due_at=oldest, **moved)


def _lease(
    channel: Channel, *, moment: datetime | None, batch: int, lease: timedelta, rate: int, until: float
) -> Lease:
    token, lane = uuid.uuid4(), lane_of(channel)
    params: dict[str, Any] = {
        "channel": channel.value,
        "moment": moment,
        "token": token.hex,
        "lease": lease,
        "essential": joining.alone(),
        "lock": LEASING_LOCK,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LEASING, params)
        cursor.execute(statements.NOW, params)
        (now,) = cursor.fetchone()
        row = EngineLane.objects.select_for_update().get(name=lane) if rate else None
        free = pacing.allowance(row, per_minute=rate, now=now) if row else batch
        least = EVERY_PRIORITY if free else pacing.URGENT
        cursor.execute(statements.LEASE, {**params, "limit": min(batch, free) or batch, "least_urgent": least})
        ids = [found[0] for found in cursor.fetchall()]
        rows = Notification.objects.filter(pk__in=ids).select_related("user").order_by("priority", "not_before", "pk")
        leased = Lease(token, now, list(rows), lane, until, given=moment)
        if row:
            pacing.spend(row, _ordinary(leased.rows), per_minute=rate, now=now)
    crash_if("after_lease")
    return leased


def _ordinary(rows: list[Notification]) -> int:
    return sum(row.priority > pacing.URGENT for row in rows)


def _round(leased: Lease, talking: Sender, done: Delivered) -> bool:
    """One leased batch; returns whether the channel may go on."""
    going = _sorted_out(leased, done)
    _unspend(leased, going, talking.per_minute())
    wanted, asked_at = _wanted(going), time.monotonic()
    letters, known = [_write(row, talking) for row in going], None
    for row, letter, following in zip_longest(going, letters, going[1:]):
        if time.monotonic() > leased.until:
            give_back(leased)
            return False
        if time.monotonic() - asked_at > FRESH:
            wanted, asked_at, known = _wanted(going[going.index(row) :]), time.monotonic(), None
        ours, known = is_ours(row, leased) if known is None else known, None
        if not ours:
            continue
        if row.pk not in wanted:
            suppress_leased(row, leased, done, "no longer wanted")
            continue
        noted = _speak(row, letter, leased, talking, done, following=following)
        if not noted.goes_on:
            give_back(leased)
            return False
        known = noted.following
    return True


def _unspend(leased: Lease, going: list[Notification], rate: int) -> None:
    """Give back the part of the rate that was not used: what was joined or sorted out costs the provider nothing."""
    unused = _ordinary(leased.rows) - _ordinary(going)
    if rate and unused:
        with transaction.atomic():
            lane = EngineLane.objects.select_for_update().get(name=leased.lane)
            pacing.spend(lane, -unused, per_minute=rate, now=leased.moment)


def _sorted_out(leased: Lease, done: Delivered) -> list[Notification]:
    """Those to hand over, after everything that must not go now was put where it belongs."""
    rows = [row for row in leased.rows if knows(row.kind) or _left(row, leased, done)]
    users = {row.user_id for row in rows}
    quiet = quiet_ends(users, leased.moment)
    reached = {number: channels_of(users, kind=number, essential=False) for number in {row.kind for row in rows}}
    wanted = _wanted(rows)
    leads: dict[int, Notification] = {}
    going: list[Notification] = []
    for row in rows:
        _key, kind = kind_by_number(row.kind)
        joins = joining.joins(row, kind)
        reason = _against(row, leased, reached[row.kind], wanted, essential=kind.essential)
        if reason:
            suppress_leased(row, leased, done, reason)
        elif row.user_id in quiet and not kind.ignores_quiet:
            sleep(row, leased, done, until=quiet[row.user_id])
        elif joins and row.user_id in leads:
            settle(row, leased, done, Ending(Status.COLLAPSED, error=f"into {leads[row.user_id].pk}"))
        else:
            going.append(row)
            if joins:
                leads[row.user_id] = row
    joining.join_the_rest(leads, moment=leased.given)
    return going


def _left(row: Notification, leased: Lease, done: Delivered) -> Literal[False]:
    """Leave a row of a kind that isn't known here to a worker of the release that wrote it."""
    later = leased.now() + NEXT_RELEASE
    settle(row, leased, done, Ending(Status.READY, error="unknown kind", not_before=later, give_back=1))
    return False


def _wanted(rows: list[Notification]) -> set[int]:
    """Those of the rows whose subject is still worth telling of, asked for each sort of subject at once."""
    sorts: dict[tuple[int, int], list[Notification]] = {}
    for row in rows:
        sorts.setdefault((row.subject_type, row.kind), []).append(row)
    wanted: set[int] = set()
    for (subject_type, kind), alike in sorts.items():
        subjects = set(still_wanted(subject_type, [row.subject_id for row in alike], kind=kind))
        wanted |= {row.pk for row in alike if row.subject_id in subjects}
    return wanted


def _against(
    row: Notification, leased: Lease, reached: dict[int, set[int]], wanted: set[int], *, essential: bool
) -> str:
    """Why the row must not go at all, or ''."""
    if row.expires_at and row.expires_at <= leased.moment:
        return "late"
    if not essential and row.channel not in reached.get(row.user_id, ()):
        return "preference"
    if not row.has_own_words and (not row.user.email or not row.user.is_active):
        return "no address"
    return "" if row.pk in wanted else "no longer wanted"


def _write(row: Notification, talking: Sender) -> Any:
    """The letter for a row as the sender takes it, or None when it can't be written."""
    key, kind = kind_by_number(row.kind)
    try:
        return talking.packed(letter_for(row, key=key, kind=kind))
    except Exception as error:
        if is_outage(error):  # no row's fault: the lease ends, and it is tried again
            raise
        logger.exception("notification %s can't be written", row.pk)
        return None


def _speak(
    row: Notification,
    letter: Any,
    leased: Lease,
    talking: Sender,
    done: Delivered,
    *,
    following: Notification | None,
) -> Noted:
    """Hand over one letter and write what came of it."""
    started = time.monotonic()
    try:
        result = talking.send(letter) if letter else Result(Outcome.DEAD, "can't be written")
    except Exception:
        logger.exception("notification %s can't be handed over", row.pk)
        result = Result(Outcome.DEAD, "can't be written")
    crash_if("after_handover")
    took = timedelta(seconds=time.monotonic() - started)
    return note_try(row, leased, result, done, took=took, following=following)
