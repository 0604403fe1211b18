"""Whether a lane keeps up. One judgement for `/healthz`, the doctor and the page about delivery.

A lane on hold is judged by nobody: the hold is somebody's decision. A lane of the outbox whose provider takes nothing
rests; that is the provider's fault, shown and tried again, and no reason to call the house unwell. Nor is a long queue
that moves: ordinary mails leave at the provider's pace. Late is what stands still.
"""

from datetime import datetime, timedelta
from typing import Final

from practice.notifications.models import EngineLane

LONGEST: Final = timedelta(seconds=60)
LONGEST_PLANNER: Final = timedelta(minutes=5)
OUTBOX: Final = "outbox-"
PLANNER: Final = "planner"


def is_silent(lane: EngineLane, now: datetime) -> bool:
    """Return whether no tick came for too long; a lane that never ticked is silent."""
    longest = LONGEST_PLANNER if lane.name == PLANNER else LONGEST
    return lane.last_tick_at is None or now - lane.last_tick_at > longest


def is_resting(lane: EngineLane, now: datetime) -> bool:
    """Return whether the provider failed lately: the breaker is open, was open a minute ago, or counts failures."""
    return lane.failures > 0 or (lane.open_until is not None and lane.open_until > now - LONGEST)


def lag(lane: EngineLane, now: datetime) -> timedelta:
    """Return how long the oldest due thing has been waiting, as the last drain saw it."""
    return max(now - lane.oldest_due_at, timedelta()) if lane.oldest_due_at else timedelta()


def is_stuck(lane: EngineLane, now: datetime) -> bool:
    """Return whether something due has been waiting for a minute and nothing moves that could.

    Nobody asks the planner what is due: it is stuck when its ticks begin and for minutes none has come to its end.
    """
    if lane.name == PLANNER:
        return _never_ends(lane)
    if lag(lane, now) <= LONGEST:
        return False
    if not lane.name.startswith(OUTBOX):
        return True
    moved = lane.last_drained_at is not None and now - lane.last_drained_at <= LONGEST
    return not moved and not is_resting(lane, now)


def _never_ends(lane: EngineLane) -> bool:
    if lane.last_tick_at is None or lane.last_drained_at is None:  # the first tick is still under way
        return False
    return lane.last_tick_at - lane.last_drained_at > LONGEST_PLANNER


def keeps_up(lane: EngineLane, now: datetime) -> bool:
    """Return whether nothing is wrong with a lane that anybody could mend here."""
    return lane.hold or not (is_silent(lane, now) or is_stuck(lane, now))
