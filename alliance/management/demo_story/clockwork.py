"""A moving clock: acts are put at moments and run in their order. An act may put further acts."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

Act = Callable[[datetime], None]


@dataclass
class Clockwork:
    """Acts by moment. Two of one moment run in the order they were put."""

    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def put(self, at: datetime, act: Act) -> None:
        """Let the act happen at this moment; one in the past of the clock happens next."""
        heapq.heappush(self._acts, (at, next(self._numbers), act))

    def run(self, *, until: datetime) -> None:
        """Run what is put up to this moment. What lies later never happens."""
        while self._acts and self._acts[0][0] <= until:
            at, _, act = heapq.heappop(self._acts)
            act(at)
