"""Counts what is lost while Redis is away or full, and says so in the log: at once, then the sum of each minute.

What is counted here may be lost: a tick or a check finds the rows all the same, a little later.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

EVERY_SECONDS: Final = 60.0
log = logging.getLogger(__name__)


class Losses:
    """How many of one sort were lost by this process. May be used by several threads."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = what
        self.clock = clock
        self.total = 0
        self.untold = 0
        self.told_at = float("-inf")
        self.lock = threading.Lock()

    def add(self, count: int = 1) -> None:
        """Count; tell of it unless that was done within the minute."""
        with self.lock:
            self.total += count
            self.untold += count
            if count and self.clock() - self.told_at >= EVERY_SECONDS:
                self._tell("Redis doesn't take them")

    def over(self) -> None:
        """Tell of the rest: the first one has left again."""
        if self.untold:
            with self.lock:
                self._tell("they leave again")

    def _tell(self, why: str) -> None:
        log.warning("%s lost: %d (%d since the start), %s", self.what, self.untold, self.total, why)
        self.untold, self.told_at = 0, self.clock()
