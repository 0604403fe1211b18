"""The crank turned by hand for a while, without a broker: what `spare.py` starts.

python -m practice.config.crank
"""

import logging
import time
from typing import Any, Final

import django
from django.db import close_old_connections

from practice.config.celery import app
from practice.config.schedule import SCHEDULE
from practice.notifications.cranking import is_due

TURN_FOR: Final = 60.0  # seconds
logger = logging.getLogger(__name__)


def turn(*, seconds: float) -> int:
    """Run what ticks at least once a minute, each at its interval, and what ticks seldom when its time has come.

    Returns how many ticks ran.
    """
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
    return ran + _turn_seldom()


def _turn_seldom() -> int:
    """Run what ticks less than once a minute: with beat gone for days, these ticks come from nowhere else."""
    due = [
        entry
        for name, entry in SCHEDULE.items()
        if entry["schedule"] > TURN_FOR and is_due(name, every=entry["schedule"])
    ]
    for entry in due:
        _run(app, entry)
    return len(due)


def _run(app: Any, entry: dict[str, Any]) -> None:
    try:
        app.tasks[entry["task"]](*entry.get("args", []))
    except Exception:  # one tick's trouble is not the next one's
        logger.exception("%s failed", entry["task"])


if __name__ == "__main__":
    django.setup()
    turn(seconds=TURN_FOR)
