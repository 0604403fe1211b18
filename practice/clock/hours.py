"""Working hours and the promise that is made from them."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from practice.clock.resolving import local, resolve

Hours = Mapping[int, Sequence[tuple[time, time]]]
"""Weekday (0 is Monday) to spans of the local day, each from (included) to (not included)."""

WEEKDAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAYS_LOOKED_AHEAD: Final = 15


def parse_hours(raw: Mapping[str, Any]) -> Hours:
    """Hours from their JSON form `{"mo": [["09:00", "17:00"]], …}`; days without spans may be absent.

    Raises ValueError that names the day when a span isn't two times in order.
    """
    hours: dict[int, Sequence[tuple[time, time]]] = {}
    for name, spans in raw.items():
        if name not in WEEKDAYS:
            raise ValueError(f"{name!r} is not a weekday")
        parsed = sorted(_span(name, span) for span in spans)
        for earlier, later in itertools.pairwise(parsed):
            if later[0] < earlier[1]:
                raise ValueError(f"{name}: two spans overlap")
        if parsed:
            hours[WEEKDAYS.index(name)] = tuple(parsed)
    return hours


def is_open(hours: Hours, tz: str, now: datetime) -> bool:
    """Whether `now` lies inside the working hours."""
    wall = local(now, tz)
    return any(start <= wall.time() < end for start, end in hours.get(wall.weekday(), ()))


def next_opening(hours: Hours, tz: str, now: datetime) -> datetime | None:
    """The next moment of working time: `now` itself when open, None when there are no hours at all."""
    if is_open(hours, tz, now):
        return now
    today = local(now, tz).date()
    for ahead in range(DAYS_LOOKED_AHEAD):
        day = today + timedelta(days=ahead)
        for start, _end in hours.get(day.weekday(), ()):
            opening = resolve(datetime.combine(day, start), tz)
            if opening > now:
                return opening
    return None


def reply_by(hours: Hours, tz: str, now: datetime) -> datetime | None:
    """The end of the next working day after today's: the promise "by the end of the next working day".

    None when there are no working hours.
    """
    day = _next_working_day(hours, local(now, tz).date())
    if day is None:
        return None
    return resolve(datetime.combine(day, hours[day.weekday()][-1][1]), tz)


def _next_working_day(hours: Hours, today: date) -> date | None:
    for ahead in range(1, DAYS_LOOKED_AHEAD):
        day = today + timedelta(days=ahead)
        if hours.get(day.weekday()):
            return day
    return None


def _span(name: str, raw: Any) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(part) for part in raw)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: a span is two times such as 09:00 and 17:00") from None
    if start >= end:
        raise ValueError(f"{name}: a span ends after it starts")
    return start, end
