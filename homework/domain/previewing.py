"""A plan as rows that people and programs read: dated first, then what waits."""

from collections.abc import Iterable
from typing import Any

from homework.domain.timing import Planned, Waiting, sorted_for_reading
from practice import clock


def preview_rows(planned: Iterable[Planned | Waiting], *, tz: str) -> list[dict[str, Any]]:
    """JSON rows `{step, occurrence, local, utc}` by time, then `{step, waits_for}` by step key.

    `local` is what a clock in `tz` really shows at that moment, so a time in a gap appears shifted.
    """
    dated, waiting = sorted_for_reading(planned)
    rows: list[dict[str, Any]] = [
        {
            "step": one.step,
            "occurrence": one.occurrence,
            "local": clock.local(one.send_at, tz).isoformat(),
            "utc": one.send_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        for one in dated
    ]
    rows.extend({"step": one.step, "waits_for": one.waits_for} for one in waiting)
    return rows
