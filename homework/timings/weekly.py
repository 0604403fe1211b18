"""Every week on the same days at the same time of day, a number of times or until the pathway ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from homework.timings.timing_kind import Fields, Moment, Timing, View, Waiting

MOST_TIMES = 1_000_000
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMES = {
    name: number for names in (DAYS, [day[:3] for day in LONG_DAYS], LONG_DAYS) for number, name in enumerate(names)
}


@dataclass(frozen=True, slots=True)
class Weekly(Timing):
    """Expanded on wall clocks, then resolved, so that 9:00 stays 9:00 through a change of the clocks.

    Days that fall into a pause are passed over, not counted. Two wall times that a skipped day
    would put on one local day are sent once.
    """

    kind = "weekly"
    fields = frozenset({"weekdays", "at", "count"})

    weekdays: tuple[int, ...] = ()
    at: time | None = None
    count: int | None = None

    @classmethod
    def parse(cls, raw: Fields) -> "Weekly":
        """Fields: `weekdays` (else the start's), `at` (else the start's wall clock), `count` (else without end)."""
        return cls(weekdays=_weekdays(raw), at=raw.at(), count=raw.whole("count", low=1, high=MOST_TIMES))

    def occurrences(self) -> int | None:
        """The count."""
        return self.count

    def moments(self, view: View) -> Iterable[Moment] | Waiting:
        """Every occurrence from the start on."""
        return self._walk(view)

    def _walk(self, view: View) -> Iterator[Moment]:
        at, given, last = self.at or view.start.time(), 0, None
        for day in self._days(view):
            wall = datetime.combine(day, at)
            if wall < view.start or any(pause.began <= wall < pause.ended for pause in view.pauses):
                continue
            moment = view.at_wall(wall)
            seen = view.at_instant(moment.send_at).local_at.date()
            if seen == last:
                continue
            yield moment
            last, given = seen, given + 1
            if self.count and given >= self.count:
                return

    def _days(self, view: View) -> Iterator[date]:
        wanted = self.weekdays or (view.start.weekday(),)
        week = view.start.date() - timedelta(days=view.start.weekday())
        while week <= view.until.date():
            yield from (week + timedelta(days=number) for number in wanted)
            week += timedelta(days=7)


def _weekdays(raw: Fields) -> tuple[int, ...]:
    value = raw.raw.get("weekdays")
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value or len(value) > 7:
        raise raw.fail("weekdays", "must be a list of one to seven days such as ['mo', 'th']")
    return tuple(sorted({_weekday(raw, name) for name in value}))


def _weekday(raw: Fields, name: Any) -> int:
    if isinstance(name, str) and name.strip().lower() in NAMES:
        return NAMES[name.strip().lower()]
    if isinstance(name, int) and not isinstance(name, bool) and 0 <= name <= 6:
        return name
    raise raw.fail("weekdays", f"has no day {name!r}; use mo, tu, we, th, fr, sa, su")
