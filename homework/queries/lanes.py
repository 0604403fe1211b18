"""How the engine's lanes stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from practice.contributions.lanes import LaneFigures
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


# 2 is SCHEDULED
SENDS_OF_A_PRACTICE: Final = """
SELECT count(*) FILTER (WHERE status = 2 AND send_at <= %(now)s),
  min(send_at) FILTER (WHERE status = 2 AND send_at <= %(now)s),
  percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - send_at)) FILTER (WHERE sent_at > %(since)s)
FROM homework_assignment
WHERE practice_id = %(practice)s AND send_at <= %(now)s AND (status = 2 OR sent_at > %(since)s)
"""


def send_figures(practice_id: int, now: datetime, since: datetime) -> LaneFigures:
    """Return what is due in a practice, and how long what was sent since then had waited. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SENDS_OF_A_PRACTICE, {"practice": practice_id, "now": now, "since": since})
        waiting, oldest, p99 = cursor.fetchone()
    return LaneFigures(waiting, oldest, float(p99) if p99 is not None else None)
