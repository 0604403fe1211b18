"""Wall clock to UTC and back.

A wall time that doesn't exist (a gap) shifts by the gap, one that exists twice (a fold) means the first:
RFC 5545 section 3.3.5, `zoneinfo` with fold 0, and what calendar programs do.
"""

from datetime import UTC, date, datetime, time, timedelta

from practice.clock.zones import zone


def resolve(wall: datetime, tz: str) -> datetime:
    """The UTC moment at which a clock in `tz` shows the naive `wall`; gaps shift forward, folds take the first."""
    if wall.tzinfo is not None:
        raise ValueError("resolve() takes a naive local time")
    return wall.replace(tzinfo=zone(tz), fold=0).astimezone(UTC)


def local(moment: datetime, tz: str) -> datetime:
    """What a clock in `tz` shows at `moment`, naive. Both halves of a fold look alike."""
    if moment.tzinfo is None:
        raise ValueError("local() takes an aware moment")
    return moment.astimezone(zone(tz)).replace(tzinfo=None, fold=0)


def day_start(day: date, tz: str) -> datetime:
    """The first moment of a local day, in UTC; where midnight is missing, the first minute that exists."""
    return resolve(datetime.combine(day, time()), tz)


def next_local(at: time, tz: str, after: datetime) -> datetime:
    """The first moment later than `after` at which a clock in `tz` shows `at`, in UTC."""
    day = local(after, tz).date()
    for ahead in range(-1, 4):
        moment = resolve(datetime.combine(day + timedelta(days=ahead), at), tz)
        if moment > after:
            return moment
    raise AssertionError("no zone skips three days")
