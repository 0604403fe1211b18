"""Tell open pages that something is new: `hint("user.7", what="attention")`. Ids and numbers only, never a text.

Fire and forget, from any process: after the commit the hint goes to one background thread, which publishes it with
one synchronous Redis client and a limit of 0.3 s. A hint may be lost, doubled or late; the head check repairs that, and
the log says how many were lost.
The same hint that still waits is sent once, and a hint without a number at most once a second: a flood costs little.
"""

import os
import threading
import time
from typing import Any, Final

import redis
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

from practice.live.breaker import Breaker
from practice.notifications.losses import Losses

LIMIT_SECONDS: Final = 0.3
KEPT: Final = 1_000
REST_SECONDS: Final = 1.0
TURN_SECONDS: Final = 0.02  # between two turns: what comes meanwhile goes together, and no burst holds up the sockets


def hint(topic: str, *, what: str, n: int = 0, is_committed: bool = False) -> None:
    """Tell the sockets of `topic` (`user.7`, `conversation.12`) that `what` is new, once the transaction is committed.

    `n` is the number that grew (a conversation's head), 0 when there is none. `is_committed` when there is no
    transaction to wait for: the loop's own statements commit by themselves. Never raises, never waits.
    """
    if is_committed:
        _publisher().put(topic, what, n)
    else:
        transaction.on_commit(lambda: _publisher().put(topic, what, n), robust=True)


class Publisher:
    """The background thread of one process."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.waiting: dict[tuple[str, str], int] = {}
        self.told: dict[tuple[str, str], float] = {}
        self.wake = threading.Condition()
        self.breaker = Breaker(failures=3, seconds=5.0)
        self.client: redis.Redis | None = None
        self.lost = Losses("hints")
        self.idle = threading.Event()
        self.idle.set()
        threading.Thread(target=self._work, name="live-hints", daemon=True).start()

    def put(self, topic: str, what: str, n: int) -> None:
        """Queue a hint; above the bound it is dropped."""
        with self.wake:
            key = (topic, what)
            if key in self.waiting or len(self.waiting) < KEPT:
                self.waiting[key] = max(n, self.waiting.get(key, 0))
                self.idle.clear()
                self.wake.notify()
            else:
                self.lost.add()

    def flush(self, seconds: float = LIMIT_SECONDS) -> bool:
        """Wait until nothing is queued (a command that is about to end); returns whether that came true."""
        return self.idle.wait(seconds)

    def _work(self) -> None:
        while True:
            with self.wake:
                while not (taken := self._due(time.monotonic())):
                    if not self.waiting:
                        self.idle.set()
                    self.wake.wait(TURN_SECONDS if self.waiting else None)
            if self.breaker.closed(time.monotonic()):
                self._publish(taken)
            else:
                self.lost.add(len(taken))
            time.sleep(TURN_SECONDS)

    def _due(self, now: float) -> dict[tuple[str, str], int]:
        """Take what may go now: a number at once, the same word about the same topic once a second."""
        if len(self.told) > KEPT:
            self.told = {key: at for key, at in self.told.items() if at > now - REST_SECONDS}
        due = {key: n for key, n in self.waiting.items() if n or self.told.get(key, 0.0) <= now - REST_SECONDS}
        for key, n in due.items():
            del self.waiting[key]
            if not n:
                self.told[key] = now
        return due

    def _publish(self, taken: dict[tuple[str, str], int]) -> None:
        try:
            pipe = self._client().pipeline(transaction=False)
            for (topic, what), n in taken.items():
                pipe.publish(group_channel(topic), frame(topic, what, n))
            pipe.execute()
            self.breaker.succeeded()
            self.lost.over()
        except (redis.RedisError, OSError):
            self.lost.add(len(taken))
            self.breaker.failed(time.monotonic())
            self.client = None

    def _client(self) -> redis.Redis:
        if self.client is None:
            self.client = redis.Redis.from_url(
                _config()["hosts"][0]["address"],
                socket_timeout=LIMIT_SECONDS,
                socket_connect_timeout=LIMIT_SECONDS,
                max_connections=2,
            )
        return self.client


def frame(topic: str, what: str, n: int) -> bytes:
    """Return the bytes that the channel layer would send for this hint."""
    layer: Any = get_channel_layer()
    made: bytes = layer.serialize({"type": "hint", "topic": topic, "what": what, "n": n})
    return made


def group_channel(topic: str) -> str:
    """Return the Redis channel of a topic, as the pub/sub layer names a group."""
    return f"{_config()['prefix']}__group__{topic}"


def _config() -> dict[str, Any]:
    layers: Any = settings.CHANNEL_LAYERS
    config: dict[str, Any] = layers["default"]["CONFIG"]
    return config


_lock = threading.Lock()
_current: Publisher | None = None


def _publisher() -> Publisher:
    global _current  # noqa: PLW0603 - one a process; a forked worker makes its own
    with _lock:
        if _current is None or _current.process != os.getpid():
            _current = Publisher()
        return _current


def flush(seconds: float = LIMIT_SECONDS) -> bool:
    """Wait for queued hints of this process to leave."""
    return _publisher().flush(seconds)
