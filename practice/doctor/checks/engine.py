"""The engine's lanes: held, silent, late, or resting because a provider doesn't take anything."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn
from practice.notifications.holding import PLANNER, SENDS
from practice.notifications.models import EngineLane

SILENT: Final = {SENDS: timedelta(seconds=60), PLANNER: timedelta(minutes=5)}
LATE: Final = timedelta(seconds=60)
WORKER_OF: Final = {SENDS: "engine"}
RELEASE: Final = "See what would leave: python manage.py engine status; then: python manage.py engine release"


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
    found, silence = [], SILENT.get(lane.name, LATE)
    if lane.last_tick_at is None or now - lane.last_tick_at > silence:
        age = _age(lane.last_tick_at, now)
        worker = WORKER_OF.get(lane.name, "worker")
        says = f"{lane.name} has been silent for {age} s" if age is not None else f"{lane.name} never ticked"
        found.append(fail(says, f"Look at beat first (see `beat`), then restart {worker}.", lane=lane.name))
    if lane.open_until and lane.open_until > now:
        says = f"{lane.name} rests: its provider failed five times in a row"
        found.append(warn(says, "See `mail`. What waits is tried again by itself.", lane=lane.name))
    elif lane.oldest_due_at and now - lane.oldest_due_at > LATE:
        says = f"{lane.name} is late: something has been due for {_age(lane.oldest_due_at, now)} s"
        found.append(warn(says, "Watch whether it falls; if not, add a worker.", lane=lane.name))
    return found


def _age(moment: datetime | None, now: datetime) -> int | None:
    return int((now - moment).total_seconds()) if moment else None


DOCTOR_CHECKS.register("engine", look_at_engine, order=40)
