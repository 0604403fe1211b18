"""How a worker keeps its connection to a broker that refuses to write: full, Redis takes a connection and no lock."""

import contextlib
import time
from typing import Any, Final

from celery.worker.consumer import Consumer

TRY_AGAIN_AFTER: Final = 1.0  # seconds


class PatientConsumer(Consumer):
    """Tries again a second later. Celery's own tries at once, and leaves the connections of each try open."""

    tried: Any = None
    channel_errors: tuple[type[Exception], ...]

    def connection_for_read(self, heartbeat: float | None = None) -> Any:
        """Return a connection, and remember which."""
        self.tried = super().connection_for_read(heartbeat=heartbeat)
        return self.tried

    def connect(self) -> Any:
        """Return a connection that the worker's loop reads from, or close the one that it could not be."""
        try:
            return super().connect()
        except Exception:
            if self.tried:
                with contextlib.suppress(Exception):
                    self.tried.close()
            raise

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        """Say so, and wait."""
        super().on_connection_error_before_connected(exc)
        time.sleep(TRY_AGAIN_AFTER)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Say so; wait when it was refused, for a connection that is merely lost may be had again at once."""
        super().on_connection_error_after_connected(exc)
        if isinstance(exc, self.channel_errors):
            time.sleep(TRY_AGAIN_AFTER)
