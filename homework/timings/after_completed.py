"""After the previous step is completed, at once or after a delay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from homework.timings.timing_kind import Fields, Moment, Timing, View, Waiting, after_delay, not_before


@dataclass(frozen=True, slots=True)
class AfterCompleted(Timing):
    """Waits for the previous step's completion, then for the delay; never earlier than the completion."""

    kind = "after_completed"
    fields = frozenset({"days", "hours", "at"})

    days: int | None = None
    hours: timedelta | None = None
    at: time | None = None

    @classmethod
    def parse(cls, raw: Fields) -> "AfterCompleted":
        """Fields: `days`, `hours`, `at`, all optional."""
        return cls(days=raw.whole("days"), hours=raw.hours(), at=raw.at())

    def follows_previous(self) -> bool:
        """Always."""
        return True

    def moments(self, view: View) -> Iterable[Moment] | Waiting:
        """One occurrence once the previous step is completed."""
        if view.previous_completed is None:
            return Waiting(view.step, view.previous_key)
        base = view.at_instant(view.previous_completed)
        moment = after_delay(view, base, days=self.days, hours=self.hours, at=self.at)
        if self.at and moment.send_at < base.send_at:
            moment = not_before(view, datetime.combine(base.local_at.date(), self.at), base)
        return [view.shifted(moment, base.local_at)]
