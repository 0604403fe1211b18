"""No client's time, retry or count ever lives in Celery: times are rows, tasks are nudges."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOMS = ("practice", "clients", "messaging", "homework", "alliance")
HELD_BY_CELERY = re.compile(r"\b(eta|countdown)\s*=|\.apply_async\(|\.retry\(|autoretry_for|crontab\(")


def test_no_eta_countdown_or_retry_in_any_room():
    files = [file for room in ROOMS for file in (HOUSE / room).rglob("*.py")]
    found = {str(file.relative_to(HOUSE)) for file in files if HELD_BY_CELERY.search(file.read_text())}
    assert found == set()


def test_every_tick_is_an_interval_that_expires():
    from practice.config.schedule import SCHEDULE

    for name, tick in SCHEDULE.items():
        assert isinstance(tick["schedule"], float), name
        assert tick["options"]["expires"] > 0, name
