"""Which history this is. After a restore from a dump it differs, and pages that kept a place in the old one reload."""

import hashlib
import time
from typing import Final

from practice.notifications.models import EngineLane

KEEP_SECONDS: Final = 5.0
_kept: tuple[float, str] = (0.0, "")


def epoch() -> str:
    """Return a short name of the engine's identity, asked for at most every five seconds."""
    global _kept  # noqa: PLW0603 - a value with its age
    if not _kept[1] or _kept[0] < time.monotonic():
        _kept = (time.monotonic() + KEEP_SECONDS, _asked())
    return _kept[1]


def _asked() -> str:
    lane = EngineLane.objects.exclude(identity="").order_by("name").values_list("identity", flat=True).first()
    return hashlib.sha256((lane or "").encode()).hexdigest()[:12]
