"""A fixed interval after the start of the pathway, or after the previous step was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from homework.timings.timing_kind import Fields, Moment, Timing, View, Waiting, after_delay

START, PREVIOUS = "start", "previous_sent"


@dataclass(frozen=True, slots=True)
class Interval(Timing):
    """Days keep the wall clock (of the start, or of the previous send), hours are instants."""

    kind = "interval"
    fields = frozenset({"days", "hours", "from", "at"})

    days: int | None = None
    hours: timedelta | None = None
    since: Literal["start", "previous_sent"] = "start"
    at: time | None = None

    @classmethod
    def parse(cls, raw: Fields) -> "Interval":
        """Fields: `days` or `hours` (at least one), `from` ("start" unless said otherwise), `at`."""
        days, hours = raw.whole("days"), raw.hours()
        if days is None and hours is None:
            raise raw.fail("days", "or 'hours' is needed for an interval")
        since = raw.raw.get("from")
        if since not in (None, START, PREVIOUS):
            raise raw.fail("from", "must be 'start' or 'previous_sent'")
        return cls(days=days, hours=hours, since=since or "start", at=raw.at())

    def follows_previous(self) -> bool:
        """When it counts from the previous send."""
        return self.since == PREVIOUS

    def moments(self, view: View) -> Iterable[Moment] | Waiting:
        """One occurrence; what follows a waiting step waits for the same."""
        base = view.at_wall(view.start)
        if self.since == PREVIOUS:
            previous = view.previous_departure()
            if isinstance(previous, Waiting):
                return Waiting(view.step, previous.waits_for)
            if previous is None:
                return []
            base = previous
        return [view.shifted(after_delay(view, base, days=self.days, hours=self.hours, at=self.at), base.local_at)]
