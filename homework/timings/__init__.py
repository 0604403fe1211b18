"""Timing kinds: when a step of a pathway is sent. One file a kind, registered by being there."""

import importlib
import pkgutil
from functools import cache

from homework.timings.timing_kind import DATE, Fields, Moment, Pause, Planned, Timing, TimingError, View, Waiting

__all__ = ["DATE", "Fields", "Moment", "Pause", "Planned", "Timing", "TimingError", "View", "Waiting", "timing_kinds"]


@cache
def timing_kinds() -> dict[str, type[Timing]]:
    """Every timing kind by its name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    kinds: list[type[Timing]] = Timing.__subclasses__()
    return {kind.kind: kind for kind in kinds}
