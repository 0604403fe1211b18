"""How a worker keeps its connection to a broker that refuses to write: full, Redis takes a connection and no lock."""

import contextlib
import time
from typing import Any, Final

from celery.worker.consumer import Consumer

TRY_AGAIN_AFTER: Final = 1.0  # seconds


class PatientConsumer(Consumer):
    """Tries again a second later. Celery's own tries at once, and leaves the connections of each try open."""

    hub: Any
    amqheartbeat: Any
    channel_errors: tuple[type[Exception], ...]

    def connect(self) -> Any:
        """Return a connection that the worker's loop reads from, or close the one it could not be."""
        connection = self.connection_for_read(heartbeat=self.amqheartbeat)
        try:
            if self.hub:
                connection.transport.register_with_event_loop(connection.connection, self.hub)
        except Exception:
            with contextlib.suppress(Exception):
                connection.close()
            raise
        return connection

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        """Say so, and wait."""
        super().on_connection_error_before_connected(exc)
        time.sleep(TRY_AGAIN_AFTER)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Say so; wait when it was refused, for a connection that is merely lost may be had again at once."""
        super().on_connection_error_after_connected(exc)
        if isinstance(exc, self.channel_errors):
            time.sleep(TRY_AGAIN_AFTER)
