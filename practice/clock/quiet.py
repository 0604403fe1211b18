"""Quiet hours: the part of a person's day in which nothing may ring."""

from datetime import UTC, datetime, time, timedelta

from practice.clock.resolving import local, resolve
from practice.clock.zones import zone


def quiet_end(moment: datetime, tz: str, start: time, end: time) -> datetime | None:
    """When the quiet hours around `moment` end, in UTC; None when `moment` lies outside them.

    `start` belongs to the quiet hours, `end` doesn't. Equal times mean no quiet hours at all.
    """
    wall = local(moment, tz)
    if not _within(wall.time(), start, end):
        return None
    day = wall.date()
    if start > end and wall.time() >= start:
        day += timedelta(days=1)
    wanted = datetime.combine(day, end)
    ends = resolve(wanted, tz)
    if ends <= moment:  # the second half of a fold: take the later of the two
        ends = wanted.replace(tzinfo=zone(tz), fold=1).astimezone(UTC)
    return max(ends, moment)


def _within(at: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= at < end
    return at >= start or at < end
