"""The engine's lanes: held, silent, late, or resting because a provider doesn't take anything."""

from datetime import datetime
from typing import Final

from django.utils import timezone

from practice.clock import duration_said
from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn
from practice.notifications import judging
from practice.notifications.holding import SENDS
from practice.notifications.models import EngineLane

WORKER_OF: Final = {SENDS: "engine"}
RELEASE: Final = "See what would leave: manage.py engine status; then: manage.py engine release"


def look_at_engine() -> list[Finding]:
    """Return how each lane stands, the held ones first as one finding."""
    lanes, now = list(EngineLane.objects.order_by("name")), timezone.now()
    if not any(lane.last_tick_at for lane in lanes):
        return [fail("the engine never ticked: nothing is sent", "Start engine, worker and beat.")]
    held = [lane for lane in lanes if lane.hold]
    found = [_held(held)] if held else []
    for lane in lanes:
        found += [] if lane.hold else _lane(lane, now)
    names = {lane.name: _age(lane.last_tick_at, now) for lane in lanes}
    return found or [fine("every lane ticks and nothing due waits", seconds_since_tick=names)]


def _held(lanes: list[EngineLane]) -> Finding:
    names, reason = ", ".join(lane.name for lane in lanes), lanes[0].hold_reason
    return fail(f"on hold ({names}): {reason}", RELEASE, lanes=[lane.name for lane in lanes])


def _lane(lane: EngineLane, now: datetime) -> list[Finding]:
    worker = WORKER_OF.get(lane.name, "worker")
    if judging.is_silent(lane, now):
        age = _age(lane.last_tick_at, now)
        silent = f"{lane.name} has been silent for {duration_said(age)}" if age is not None else ""
        says = silent or f"{lane.name} never ticked"
        return [fail(says, f"Look at beat first (see `beat`), then restart {worker}.", lane=lane.name)]
    if judging.is_resting(lane, now):
        says = f"{lane.name} rests: its provider takes nothing"
        return [warn(says, "See `mail`. What waits is tried again by itself.", lane=lane.name)]
    if lane.name == judging.PLANNER and judging.is_stuck(lane, now):
        since = duration_said(_age(lane.last_drained_at, now) or 0)
        says = f"{lane.name} ticks, but hasn't come to its end for {since}"
        return [fail(says, f"Look for the error in the log of {worker}.", lane=lane.name)]
    if judging.lag(lane, now) > judging.LONGEST:
        says = f"{lane.name} is late: something has been due for {duration_said(_age(lane.oldest_due_at, now) or 0)}"
        do = f"Restart {worker}." if judging.is_stuck(lane, now) else "It moves. If it doesn't catch up, add a worker."
        return [warn(says, do, lane=lane.name)]
    return []


def _age(moment: datetime | None, now: datetime) -> int | None:
    return int((now - moment).total_seconds()) if moment else None


DOCTOR_CHECKS.register("engine", look_at_engine, order=40)
