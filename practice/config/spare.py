"""Sees that the crank is turned when nobody does: a broker that is away, hangs or is full brings no ticks.

The engine's worker looks every few seconds how long the send lane has been silent. After a while it starts a process
that runs the ticks itself for a minute, without the broker (`crank.py`); then it looks again. A tick too many harms
nobody.
"""

import contextlib
import logging
import subprocess
import sys
import threading
import time
from signal import SIGTERM
from typing import Final

import psycopg2

from practice.config.stack.commands import launched
from practice.config.stack.heartbeat import silence_over
from practice.notifications.cranking import note_turn

ENGINE_QUEUE: Final = "engine"
LOOK_EVERY, SILENT = 3.0, 12.0  # seconds
logger = logging.getLogger(__name__)


def start_watching() -> None:
    """Watch from a thread of the worker's own, that ends with it."""
    threading.Thread(target=_watch, daemon=True, name="spare crank").start()


def _watch() -> None:
    time.sleep(SILENT)  # silence from before this worker began says nothing about its broker
    while True:
        time.sleep(LOOK_EVERY)
        try:
            _look()
        except Exception:  # no room for a process, a state folder that can't be written: look again
            logger.exception("the crank could not be turned without the broker")


def _look() -> None:
    """Turn the crank for a minute if it has been still for too long, and leave a mark of it for the doctor."""
    silent = _silence()
    if silent is not None and silent > SILENT:
        logger.warning("no tick for %.0f s: turning the crank without the broker for a minute", silent)
        with contextlib.suppress(OSError):
            note_turn()
        command = (sys.executable, "-m", "practice.config.crank")
        subprocess.run(launched(command, on_parent_death=SIGTERM), check=False)


def _silence() -> float | None:
    """Seconds since the last tick, by the settings of the database that this worker works in."""
    from django.db import connection

    return silence_over(lambda: psycopg2.connect(**connection.get_connection_params()))
