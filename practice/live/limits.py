"""How much one person may send."""

import threading
import time
from collections import deque
from typing import Final

FRAME_BYTES: Final = 64 * 1024
SOCKETS_A_USER: Final = 5
QUEUED: Final = 64
QUEUED_BYTES: Final = 384 * 1024
PIECE_BYTES: Final = 64 * 1024
SEND_SECONDS: Final = 10.0
ADMIT_SECONDS: Final = 45.0
GOODBYE_SECONDS: Final = 60.0
NOTED_SECONDS: Final = 60.0


class Window:
    """At most `count` acts of one person in `seconds`, counted in this process."""

    def __init__(self, *, count: int, seconds: float) -> None:
        self.count = count
        self.seconds = seconds
        self.acts: dict[int, deque[float]] = {}
        self.lock = threading.Lock()

    def wait(self, user_id: int, now: float | None = None) -> float:
        """Count an act and return 0.0, or return how many seconds to wait before the next is taken."""
        moment = time.monotonic() if now is None else now
        with self.lock:
            acts = self.acts.setdefault(user_id, deque())
            while acts and acts[0] <= moment - self.seconds:
                acts.popleft()
            if len(acts) >= self.count:
                return acts[0] + self.seconds - moment
            acts.append(moment)
            if len(self.acts) > 10_000:
                self._sweep(moment)
            return 0.0

    def _sweep(self, moment: float) -> None:
        for user_id in [u for u, acts in self.acts.items() if not acts or acts[-1] <= moment - self.seconds]:
            del self.acts[user_id]


posts = Window(count=20, seconds=10.0)
frames = Window(count=200, seconds=10.0)
