"""How long ago the engine last ticked, and what the parent does about silence."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2

from practice.config.stack.child import Child

SILENT_SECONDS = 30.0
SENDS_LANE = "sends"
LAST_TICK = """
SELECT CASE WHEN hold THEN 0 ELSE extract(epoch FROM clock_timestamp() - last_tick_at) END
FROM practice_enginelane WHERE name = %s
"""


def seconds_since_tick(database_url: str) -> float | None:
    """Age of the send lane's last tick by the database's clock; 0 on hold, when silence is wanted.

    None when it never ticked or nobody can say.
    """
    return silence_over(lambda: psycopg2.connect(database_url, connect_timeout=3, options="-c statement_timeout=3000"))


def silence_over(connect: Callable[[], Any]) -> float | None:
    """The same over a connection of its own, which is closed at once."""
    try:
        connection = connect()
    except psycopg2.Error:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute(LAST_TICK, [SENDS_LANE])
            row = cursor.fetchone()
            return None if row is None or row[0] is None else float(row[0])
    except psycopg2.Error:
        return None
    finally:
        connection.close()


@dataclass
class Watchdog:
    """Restarts the engine's worker, then the beat, when no tick came for thirty seconds.

    Each gets thirty seconds to show an effect before the other one is tried. Silence of the database is no reason:
    the parent's own probes see to that.
    """

    engine: Child
    beat: Child
    since_tick: Callable[[], float | None]
    acted_at: float = 0.0
    beat_is_next: bool = False

    async def look(self, since_tick: float | None) -> None:
        """Act on one reading."""
        if since_tick is None:
            return
        if since_tick <= SILENT_SECONDS:
            self.beat_is_next = False
            return
        if min(self.engine.age, self.beat.age, time.monotonic() - self.acted_at) < SILENT_SECONDS:
            return
        self.acted_at = time.monotonic()
        suspect = self.beat if self.beat_is_next else self.engine
        self.beat_is_next = not self.beat_is_next
        await suspect.restart(f"no tick for {since_tick:.0f} s")
