"""How the engine's lanes stand."""

from dataclasses import dataclass
from datetime import datetime

from practice.notifications.models import EngineLane


@dataclass(frozen=True)
class LaneState:
    """One lane."""

    name: str
    hold: bool
    hold_reason: str
    silent_for: float | None
    sent_total: int


def lanes(*, now: datetime) -> list[LaneState]:
    """Every lane, by name."""
    return [
        LaneState(
            name=lane.name,
            hold=lane.hold,
            hold_reason=lane.hold_reason,
            silent_for=(now - lane.last_tick_at).total_seconds() if lane.last_tick_at else None,
            sent_total=lane.sent_total,
        )
        for lane in EngineLane.objects.order_by("name")
    ]
