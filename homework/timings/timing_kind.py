"""What every timing kind is made of: its parsed fields, the view it plans from, and what planning yields.

Pure: no framework, no clock. Local times are naive, moments are aware and in UTC.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from practice import clock

MOST_DAYS: Final = 3650
AS_PLANNED: Final = timedelta(minutes=15)


class TimingError(ValueError):
    """A timing or pathway that can't be planned; the message names step and field."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One occurrence in time: the intention on the wall clock and the instant it means."""

    local_at: datetime
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One occurrence of a step that has its time. `occurrence` counts from 1."""

    step: str
    occurrence: int
    local_at: datetime
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that waits: for the completion of the step named, or for a date (`DATE`)."""

    step: str
    waits_for: str


DATE: Final = "date"
"""What a `date` step without a date waits for."""


def whole_days(length: timedelta) -> timedelta:
    """A length rounded up to whole days."""
    return timedelta(days=-(-length // timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that is over: from and to as local wall times; what lay ahead moves by whole days, rounded up."""

    began: datetime
    ended: datetime

    @property
    def days(self) -> int:
        """How many days what lay ahead moves."""
        return whole_days(self.ended - self.began).days


@dataclass(frozen=True, slots=True)
class View:
    """All that a timing may look at when it plans one step."""

    step: str
    start: datetime
    tz: str
    until: datetime
    previous: Moment | Waiting | None = None
    previous_key: str = ""
    previous_completed: datetime | None = None
    previous_sent: datetime | None = None
    on: date | None = None
    pauses: Sequence[Pause] = field(default_factory=tuple)

    def at_wall(self, wall: datetime) -> Moment:
        """The occurrence whose wall clock shows `wall`."""
        return Moment(wall, clock.resolve(wall, self.tz))

    def at_instant(self, moment: datetime) -> Moment:
        """The occurrence at an instant."""
        return Moment(clock.local(moment, self.tz), moment)

    def previous_departure(self) -> "Moment | Waiting | None":
        """When the previous step counts as sent: its plan, unless it left at quite another time."""
        if self.previous_sent is None:
            return self.previous
        if isinstance(self.previous, Moment) and abs(self.previous_sent - self.previous.send_at) <= AS_PLANNED:
            return self.previous
        return self.at_instant(self.previous_sent.replace(second=0, microsecond=0))

    def shifted(self, planned: Moment, base: datetime) -> Moment:
        """`planned` moved by the pauses that came between its base (local) and itself."""
        moved = planned
        for pause in self.pauses:
            if pause.began > moved.local_at:
                continue
            if base <= pause.began:
                moved = self.at_wall(moved.local_at + timedelta(days=pause.days))
            elif base < pause.ended and moved.local_at < pause.ended:  # it began to count within the pause
                moved = self.at_wall(moved.local_at + whole_days(pause.ended - moved.local_at))
        return moved


class Timing(ABC):
    """A way of saying when a step is sent. A subclass in a file of this folder is registered by being there."""

    kind: ClassVar[str]
    fields: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    @abstractmethod
    def parse(cls, raw: "Fields") -> "Timing":
        """The timing from its JSON fields. Raises TimingError that names step and field."""

    @abstractmethod
    def moments(self, view: View) -> Iterable[Moment] | Waiting:
        """The step's occurrences in order, up to `view.until` at least, or what it waits for."""

    def follows_previous(self) -> bool:
        """Whether the time depends on the previous step."""
        return False

    def occurrences(self) -> int | None:
        """How many occurrences there will be in all; None when that is not known."""
        return 1


@dataclass(frozen=True, slots=True)
class Fields:
    """The JSON fields of one timing, read with errors that name step and field."""

    step: str
    raw: Mapping[str, Any]

    def fail(self, name: str, wish: str) -> TimingError:
        """The error for one field."""
        return TimingError(f"step {self.step!r}: {name!r} {wish}")

    def whole(self, name: str, *, low: int = 0, high: int = MOST_DAYS) -> int | None:
        """A whole number in a range, or None when the field is absent."""
        value: Any = self.raw.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.fail(name, f"must be a whole number from {low} to {high}")
        return int(value)

    def hours(self) -> timedelta | None:
        """The delay in hours, parts of an hour allowed, or None."""
        value = self.raw.get("hours")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_DAYS * 24:
            raise self.fail("hours", f"must be a number from 0 to {MOST_DAYS * 24}")
        return timedelta(seconds=round(value * 3600))

    def at(self) -> time | None:
        """A local time of day, or None."""
        value = self.raw.get("at")
        if value is None:
            return None
        try:
            if not isinstance(value, str) or len(value) not in (5, 8):
                raise ValueError(value)
            return time.fromisoformat(value)
        except ValueError:
            raise self.fail("at", "must be a time of day such as '09:00'") from None

    def day(self) -> date | None:
        """A calendar date, or None."""
        value = self.raw.get("date")
        if value is None:
            return None
        try:
            if not isinstance(value, str) or len(value) != 10:
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            raise self.fail("date", "must be a date such as '2026-03-29'") from None


def after_delay(view: View, base: Moment, *, days: int | None, hours: timedelta | None, at: time | None) -> Moment:
    """`base` plus a delay: days keep the wall clock, hours are instants, `at` is the time of day it is sent at.

    With `at` and hours it is the first such time at or after the delay.
    """
    if not hours:
        wall = base.local_at + timedelta(days=days or 0)
        if at is None:
            return view.at_wall(wall) if days else base
        return view.at_wall(datetime.combine(wall.date(), at))
    moved = view.at_wall(base.local_at + timedelta(days=days)) if days else base
    reached = view.at_instant(moved.send_at + hours)
    return reached if at is None else not_before(view, datetime.combine(reached.local_at.date(), at), reached)


def not_before(view: View, wall: datetime, earliest: Moment) -> Moment:
    """The occurrence at `wall`, or a day later when that lies before `earliest`."""
    moment = view.at_wall(wall)
    return moment if moment.send_at >= earliest.send_at else view.at_wall(wall + timedelta(days=1))
