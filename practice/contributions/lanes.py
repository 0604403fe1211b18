"""What a lane of the engine has to do for one practice. The room that owns the rows says so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from practice.contributions.registry import Registry


@dataclass(frozen=True)
class LaneFigures:
    """`waiting` is due now, `oldest` since when; `p99_seconds` is how long 99 of 100 waited since the given moment."""

    waiting: int
    oldest: datetime | None
    p99_seconds: float | None


@dataclass(frozen=True)
class LaneSource:
    """A lane's name in words, and its figures for a practice: `figures(practice_id, now, since)`, one query."""

    label: Any
    figures: Callable[[int, datetime, datetime], LaneFigures]


LANE_SOURCES: Registry[LaneSource] = Registry("lanes")
"""By the lane's name."""
