"""Whether the engine that sends homework is alive, for the foot of the desk's menu."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from practice.notifications.models import EngineLane
from practice.tenancy.compiled import Compiled

LATE_AFTER = timedelta(seconds=60)
SENDS = Compiled(lambda: EngineLane.objects.filter(name="sends"))


def engine_pulse(*, now: datetime) -> dict[str, Any] | None:
    """Return what `components/pulse.html` needs; None before the engine's first start. One query."""
    lane = SENDS.first()
    if lane is None:
        return None
    if lane.hold:
        advice = _("Nothing is lost. Whoever runs your Rapport must look at the engine before it goes on.")
        return {"fine": False, "text": _("Sends are on hold"), "advice": advice}
    silent = now - lane.last_tick_at if lane.last_tick_at else None
    if silent is None or silent > LATE_AFTER:
        return {"fine": False}
    return {"fine": True, "seconds": max(0, int(silent.total_seconds()))}
