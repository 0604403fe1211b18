"""When the crank was turned without the broker (config/spare.py), as files in STATE_DIR: the doctor reads them too."""

import time
from pathlib import Path
from typing import Final

from django.conf import settings

SPARE: Final = "turn"


def note_turn(name: str = SPARE) -> None:
    """Note that the crank was turned now, or that it ran what ticks under this name."""
    file = _file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def turned_ago(name: str = SPARE) -> float | None:
    """Return how many seconds ago that was; None when it never was."""
    try:
        return max(time.time() - _file(name).stat().st_mtime, 0.0)
    except OSError:
        return None


def is_due(name: str, *, every: float) -> bool:
    """Return whether what ticks seldom is to run in this turn, counted from the first turn on; notes that it is."""
    ago = turned_ago(name)
    if ago is not None and ago < every:
        return False
    note_turn(name)
    return ago is not None


def _file(name: str) -> Path:
    return Path(settings.STATE_DIR) / f"crank-{name}"
