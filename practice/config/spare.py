"""Turns the crank when nobody does: a broker that is away, hangs or is full brings no ticks.

The engine's worker looks every few seconds how long the send lane has been silent. After a while it starts a process
that runs the ticks itself for a minute, without the broker; then it looks again. A tick too many harms nobody.

    python -m practice.config.spare     what it starts
"""

import logging
import subprocess
import sys
import threading
import time
from signal import SIGTERM
from typing import Any, Final

import psycopg2

from practice.config.schedule import SCHEDULE
from practice.config.stack.commands import launched
from practice.config.stack.heartbeat import silence_over

ENGINE_QUEUE: Final = "engine"
LOOK_EVERY, SILENT, TURN_FOR = 3.0, 12.0, 60.0  # seconds
logger = logging.getLogger(__name__)


def start_watching() -> None:
    """Watch from a thread of the worker's own, that ends with it."""
    threading.Thread(target=_watch, daemon=True, name="spare crank").start()


def _watch() -> None:
    time.sleep(SILENT)  # silence from before this worker began says nothing about its broker
    while True:
        time.sleep(LOOK_EVERY)
        silent = _silence()
        if silent is not None and silent > SILENT:
            logger.warning("no tick for %.0f s: turning the crank without the broker for a minute", silent)
            command = (sys.executable, "-m", "practice.config.spare")
            subprocess.run(launched(command, on_parent_death=SIGTERM), check=False)


def _silence() -> float | None:
    """Seconds since the last tick, by the settings of the database that this worker works in."""
    from django.db import connection

    return silence_over(lambda: psycopg2.connect(**connection.get_connection_params()))


def turn(*, seconds: float) -> int:
    """Run what ticks at least once a minute, each at its interval. Returns how many ticks ran."""
    from django.db import close_old_connections

    from practice.config.celery import app

    app.loader.import_default_modules()
    entries = [entry for entry in SCHEDULE.values() if entry["schedule"] <= TURN_FOR]
    due = dict.fromkeys(range(len(entries)), 0.0)
    until, ran = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        for number, entry in enumerate(entries):
            if due[number] <= time.monotonic():
                due[number] = time.monotonic() + entry["schedule"]
                _run(app, entry)
                ran += 1
        close_old_connections()
        time.sleep(0.5)
    return ran


def _run(app: Any, entry: dict[str, Any]) -> None:
    try:
        app.tasks[entry["task"]](*entry.get("args", []))
    except Exception:  # one tick's trouble is not the next one's
        logger.exception("%s failed", entry["task"])


if __name__ == "__main__":
    import django

    django.setup()
    turn(seconds=TURN_FOR)
