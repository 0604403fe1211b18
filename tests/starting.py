"""A pytest plugin that starts the servers before Django reads its settings (`-p tests.starting` in pyproject.toml).

The session's first process starts PostgreSQL and exports where it is; workers of pytest-xdist inherit that. Every
process has a Valkey of its own: it takes 35 ms, and a test may flush, fill or kill it without disturbing another.
`TEST_POSTGRES` names the folder of a PostgreSQL that is already running (see servers.py).

What Python has compiled is kept, whatever the environment says: a run starts the house a hundred times in processes of
its own, and to compile it costs each of them seconds of a core.
"""

import os
import sys
from pathlib import Path

import pytest

from practice.config.stack.places import Places
from tests import forks
from tests.servers import Folder, Running, start_postgres, start_valkey

STARTED: list[Running] = []
FOLDERS: list[Folder] = []

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _new_folder() -> Path:
    FOLDERS.append(Folder())
    return FOLDERS[-1].path


def worker_name() -> str:
    """Name of this process among the workers; `main` when there are none."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: what injects faults sleeps half of its time. Before xdist's own answer."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    """Start what this process needs and tell the settings where it is."""
    if {"--help", "-h", "--version", "--collect-only", "--co"} & set(args):
        os.environ.setdefault("DEMO", "1")
        return
    if "TEST_POSTGRES" not in os.environ:
        folder = _new_folder()
        STARTED.append(start_postgres(Places(folder)))
        os.environ["TEST_POSTGRES"] = str(folder)
    own = Places(_new_folder())
    STARTED.append(start_valkey(own))
    forks.allow()
    os.environ.update(
        DATABASE_URL=Places(Path(os.environ["TEST_POSTGRES"])).database_url("postgres"),
        REDIS_URL=own.redis_url,
        STATE_DIR=str(own.data / "state"),
        DEMO_MAIL_DIR=str(own.data / "mail"),
        LAYER_PREFIX=f"test-{worker_name()}",
        DEMO="1",
        DEBUG="0",
        TESTING="1",
    )


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End what this process started."""
    forks.end()
    while STARTED:
        STARTED.pop().kill()
    while FOLDERS:
        FOLDERS.pop().remove()
