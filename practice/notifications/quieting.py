"""Quiet hours. Rooms that know when a person wants rest say so by a source; staff have none unless one says so."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from practice import clock
from practice.contributions import Registry


@dataclass(frozen=True)
class Quiet:
    """A person's zone and the hours in which nothing may ring."""

    tz: str
    start: time
    until: time


QuietSource = Callable[[Collection[int]], Mapping[int, Quiet]]
QUIET_SOURCES: Registry[QuietSource] = Registry("quiet hours")


def quiet_ends(user_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """For each user in quiet hours now, when these end; others are absent. One query a source."""
    ends: dict[int, datetime] = {}
    for source in QUIET_SOURCES:
        for user_id, quiet in source(user_ids).items():
            end = clock.quiet_end(now, quiet.tz, quiet.start, quiet.until)
            if end is not None:
                ends[user_id] = max(end, ends.get(user_id, end))
    return ends
