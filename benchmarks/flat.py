"""`flat`: the memory of the engine's worker after a million sends, against what it was after ten thousand.

A real worker under beat; what counts is the largest process of it.
"""

import os
import time
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks._due import let_go, lost_and_doubled
from benchmarks.figures import delay, limit
from benchmarks.ground import own_database, own_valkey
from practice.config.stack import application
from tests.factories.due_sends import LEFT, PEOPLE, execute, fill, one
from tests.servers import Running

FIRST, ROWS = 10_000, 1_000_000
QUICK = {"rows": 20_000}
SHORT = {"rows": 200_000}


def run(*, rows: int = ROWS) -> None:
    """Measure, print."""
    with own_database() as url, own_valkey() as folder:
        link = psycopg2.connect(url)
        execute(link, PEOPLE)
        worker = Running(application.engine(), log=folder / "engine.log").start()
        beat = Running(application.beat(schedule=folder / "beat"), log=folder / "beat.log").start()
        try:
            fill(link, first=1, last=FIRST)
            small = _after(link, worker)
            fill(link, first=FIRST + 1, last=rows)
            large = _after(link, worker)
        finally:
            beat.stop()
            worker.stop()
        delay("flat", product=large, bare=small, hold=1.2, unit="MB", zero=lost_and_doubled(link, rows), rows=rows)
        limit("flat-size", product=large, hold=200, unit="MB")
        link.close()
        let_go()


def _after(link: Any, worker: Running) -> float:
    """Wait until nothing is due; the megabytes of the largest process of the worker."""
    deadline = time.monotonic() + 900
    while one(link, LEFT) and time.monotonic() < deadline:
        time.sleep(1)
    time.sleep(6)  # one more tick, so that all is put away
    assert worker.process is not None
    group = os.getpgid(worker.process.pid)
    return max(_resident(int(pid.name)) for pid in Path("/proc").glob("[0-9]*") if _group(pid) == group)


def _group(folder: Path) -> int | None:
    try:
        return os.getpgid(int(folder.name))
    except ProcessLookupError:
        return None


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
