"""Spreads what isn't urgent over time, so that a provider is never asked for more than it takes.

Ordinary rows leave at 80 % of the provider's rate; what is urgent (risk, sign-in, chat) is not counted and finds the
rest free. The lane's row remembers until when the rate is spent, so that all workers share it; the caller holds it.
"""

from datetime import datetime, timedelta
from typing import Final

from practice.notifications.models import EngineLane

URGENT: Final = 3  # kinds with this priority or before it don't wait for their turn
SHARE: Final = 0.8
AHEAD: Final = timedelta(minutes=1)  # by which a worker that leased later may be ahead of one that gives back
SAVED: Final = timedelta(seconds=10)  # how much of an idle lane's rate may be spent at once


def gap_of(per_minute: int) -> timedelta:
    """The time between two ordinary rows."""
    return timedelta(minutes=1) / (per_minute * SHARE)


def allowance(lane: EngineLane, *, per_minute: int, now: datetime) -> int:
    """How many ordinary rows may leave now."""
    gap = gap_of(per_minute)
    return max(int((now - _spent_until(lane, gap, now)) / gap), 0)


def spend(lane: EngineLane, rows: int, *, per_minute: int, now: datetime) -> None:
    """Note that so many ordinary rows leave now; fewer than none gives back what wasn't used."""
    gap = gap_of(per_minute)
    lane.paced_until = _spent_until(lane, gap, now) + rows * gap
    lane.save(update_fields=["paced_until"])


def _spent_until(lane: EngineLane, gap: timedelta, now: datetime) -> datetime:
    """Until when the rate is spent. A moment that lies well ahead is from a clock that was set back: it is now."""
    earliest = now - max(SAVED, gap)
    if lane.paced_until and lane.paced_until > now + AHEAD:
        return now
    return max(lane.paced_until, earliest) if lane.paced_until else earliest
