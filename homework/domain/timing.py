"""Pathway files to steps, and steps to dated occurrences. Pure arithmetic; the one planner of the house.

The preview, the planner's tick and every steering action call `plan()`, so that what is shown is what happens.

How it reads:
- a delay in hours is an instant, a delay in days keeps the wall clock;
- what "the previous" does counts from its first occurrence; it is completed when all of a counted
  series is, or the first of one without end (`homework.domain.planning` decides that);
- an ordinary step waits for a completion by the key of the step to be completed, and what follows a
  waiting step waits for the same key; a `date` step without a date waits for "date";
- a step is planned 35 days or 20 occurrences ahead, whichever ends first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final

from homework.timings import DATE, Fields, Moment, Pause, Planned, Timing, TimingError, View, Waiting, timing_kinds

__all__ = [
    "DATE",
    "PathwayPlan",
    "Pause",
    "Planned",
    "Step",
    "TimingError",
    "Waiting",
    "parse_pathway",
    "parse_steps",
    "plan",
    "sorted_for_reading",
]

HORIZON: Final = timedelta(days=35)
MOST_AHEAD: Final = 20
MOST_STEPS: Final = 2_000
EARLIEST, LATEST = datetime(1970, 1, 2), datetime(2200, 1, 1)  # noqa: DTZ001 naive wall times
KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pathway: what is sent, when, how long it stays open, when it is reminded of (both in days)."""

    key: str
    activity: str
    timing: Timing
    open_days: int | None = None
    reminder_days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PathwayPlan:
    """A pathway as its file says it."""

    key: str
    title: str
    steps: tuple[Step, ...]


def parse_pathway(raw: Any) -> PathwayPlan:
    """The pathway in a file's JSON. Raises TimingError with one line that names step and field."""
    if not isinstance(raw, dict):
        raise TimingError("a pathway is a JSON object with 'key', 'title' and 'steps'")
    if raw.get("format", 1) != 1:
        raise TimingError(f"format {raw['format']!r} is not known; this house reads format 1")
    key, title = raw.get("key"), raw.get("title")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise TimingError("'key' must be a short name of letters, digits, '-', '_' and '.'")
    if not isinstance(title, str) or not title.strip():
        raise TimingError("'title' must be a text")
    return PathwayPlan(key=key, title=title, steps=parse_steps(raw.get("steps")))


def parse_steps(raw: Any) -> tuple[Step, ...]:
    """The steps in their JSON form. Raises TimingError."""
    if not isinstance(raw, list) or not raw:
        raise TimingError("'steps' must be a list of at least one step")
    if len(raw) > MOST_STEPS:
        raise TimingError(f"'steps' has {len(raw)} steps; at most {MOST_STEPS} are possible")
    steps: list[Step] = []
    seen: set[str] = set()
    for number, one in enumerate(raw, start=1):
        step = _step(number, one)
        if step.key in seen:
            raise TimingError(f"step {step.key!r}: the 'key' is used twice")
        seen.add(step.key)
        steps.append(step)
    return tuple(steps)


def plan(
    *,
    steps: Sequence[Step],
    start: datetime,
    tz: str,
    completed: Mapping[str, datetime] | None = None,
    sent: Mapping[str, datetime] | None = None,
    dates: Mapping[str, date] | None = None,
    moved: Mapping[tuple[str, int], datetime] | None = None,
    pauses: Sequence[Pause] = (),
    ahead_from: datetime | None = None,
    horizon: timedelta = HORIZON,
) -> list[Planned | Waiting]:
    """Every occurrence up to the horizon in step order, and for each step that waits what it waits for.

    `start` and `ahead_from` (the start unless said otherwise) are naive local times; the horizon counts
    from `ahead_from`. `completed` and `sent` hold moments by step key, `dates` and `moved` what was
    set by hand: a step's date, an occurrence's local time. What lies before `ahead_from` is
    planned too, so that occurrence numbers never change. Raises TimingError and UnknownZone.
    """
    if start.tzinfo is not None or not EARLIEST <= start <= LATEST:
        raise TimingError("the start must be a local date and time between 1970 and 2200")
    completed, sent, dates, moved = completed or {}, sent or {}, dates or {}, moved or {}
    ahead = ahead_from or start
    out: list[Planned | Waiting] = []
    key = ""
    first: Moment | Waiting | None = None
    for step in steps:
        view = View(
            step=step.key,
            start=start,
            tz=tz,
            until=ahead + horizon,
            previous=first,
            previous_key=key,
            previous_completed=completed.get(key),
            previous_sent=sent.get(key),
            on=dates.get(step.key),
            pauses=pauses,
        )
        found = _by_hand(view, step.timing.moments(view), moved)
        key = step.key
        if isinstance(found, Waiting):
            first = found
            out.append(found)
            continue
        moments = iter(found)
        earliest = first = next(moments, None)
        if earliest:
            kept = {number for (key_moved, number) in moved if key_moved == step.key}
            out.extend(_bounded(step.key, chain([earliest], moments), ahead, view.until, kept))
    return out


def sorted_for_reading(planned: Iterable[Planned | Waiting]) -> tuple[list[Planned], list[Waiting]]:
    """What has its time, by time (ties in step order), and what waits, by step key."""
    both = list(planned)
    dated = sorted((one for one in both if isinstance(one, Planned)), key=lambda one: one.send_at)
    return dated, sorted((one for one in both if isinstance(one, Waiting)), key=lambda one: one.step)


def _by_hand(
    view: View, found: Iterable[Moment] | Waiting, moved: Mapping[tuple[str, int], datetime]
) -> Iterable[Moment] | Waiting:
    """The same occurrences, those set by hand at their own time."""
    numbers = {number: wall for (step, number), wall in moved.items() if step == view.step}
    if not numbers:
        return found
    if isinstance(found, Waiting):
        return [view.at_wall(numbers[1])] if 1 in numbers else found
    return (
        view.at_wall(numbers[number]) if number in numbers else moment for number, moment in enumerate(found, start=1)
    )


def _bounded(
    step: str, moments: Iterable[Moment], ahead: datetime, until: datetime, by_hand: set[int]
) -> Iterator[Planned]:
    """What lies within the horizon. A date that someone set is always shown, however far ahead."""
    left = MOST_AHEAD
    for number, moment in enumerate(moments, start=1):
        if moment.local_at > until and number not in by_hand:
            continue  # one moved by hand may lie beyond what follows it
        if moment.local_at >= ahead:
            if not left:
                return
            left -= 1
        yield Planned(step, number, moment.local_at, moment.send_at)


def _step(number: int, raw: Any) -> Step:
    if not isinstance(raw, dict):
        raise TimingError(f"step {number}: must be a JSON object with 'key', 'activity' and 'timing'")
    key = raw.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise TimingError(f"step {number}: 'key' must be a short name of letters, digits, '-', '_' and '.'")
    fields = Fields(key, raw)
    activity = raw.get("activity")
    if not isinstance(activity, str) or not activity.strip():
        raise fields.fail("activity", "must name an activity")
    note = raw.get("note") or ""
    if not isinstance(note, str):
        raise fields.fail("note", "must be a text")
    return Step(
        key=key,
        activity=activity,
        timing=_timing(key, raw.get("timing"), is_first=number == 1),
        open_days=fields.whole("open_days", low=1),
        reminder_days=fields.whole("reminder_days", low=1),
        note=note,
    )


def _timing(step: str, raw: Any, *, is_first: bool) -> Timing:
    kinds = timing_kinds()
    if not isinstance(raw, dict):
        raise TimingError(f"step {step!r}: 'timing' must be a JSON object with a 'kind'")
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise TimingError(f"step {step!r}: 'kind' {kind!r} is not known; use {', '.join(sorted(kinds))}")
    known = kinds[kind].fields
    stray = next((name for name, value in raw.items() if name not in known | {"kind"} and value is not None), None)
    if stray is not None:
        raise TimingError(f"step {step!r}: {stray!r} doesn't belong to the timing {kind!r}")
    timing = kinds[kind].parse(Fields(step, raw))
    if is_first and timing.follows_previous():
        raise TimingError(f"step {step!r}: 'timing' follows a previous step, but this is the first")
    return timing
