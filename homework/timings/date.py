"""On a calendar date, at a time of day: fixed in the pathway, or set for one client."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from homework.timings.timing_kind import DATE, Fields, Moment, Timing, View, Waiting


@dataclass(frozen=True, slots=True)
class OnDate(Timing):
    """Waits until a date is set. Calendar dates don't move with a pause."""

    kind = "date"
    fields = frozenset({"date", "at"})

    day: date | None = None
    at: time | None = None

    @classmethod
    def parse(cls, raw: Fields) -> "OnDate":
        """Fields: `date` (may come later, per client), `at` (else the wall clock of the start)."""
        return cls(day=raw.day(), at=raw.at())

    def moments(self, view: View) -> Iterable[Moment] | Waiting:
        """One occurrence on the client's date, else on the pathway's."""
        day = view.on or self.day
        if day is None:
            return Waiting(view.step, DATE)
        return [view.at_wall(datetime.combine(day, self.at or view.start.time()))]
