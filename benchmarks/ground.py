"""The ground a benchmark stands on: a PostgreSQL of its own with the house's tables, gone afterwards."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from practice.config.stack import postgres
from practice.config.stack.places import Places
from tests.servers import Folder, Running, start_valkey

KEPT = "BENCHMARKS_KEEP"  # a folder for one migrated cluster, so that a run of many benchmarks migrates once


@contextmanager
def own_database() -> Iterator[str]:
    """Start a server with ordinary, durable settings, migrate it, and set Django up on it; the database's address."""
    folder = Folder()
    places = Places(folder.path)
    places.make()
    settings = ("shared_buffers=256MB", "max_wal_size=4GB", "checkpoint_timeout=30min")
    kept = Path(os.environ[KEPT]) / "postgres" if KEPT in os.environ else None
    if kept and kept.exists():
        _copy(kept, places.postgres)
        os.chown(places.run, kept.stat().st_uid, -1)
    server = Running(postgres.command(places, settings=settings), log=places.data / "postgres.log").start()
    try:
        is_new = postgres.create_database(places, "bench")
        url = places.database_url("bench")
        os.environ.update(
            DATABASE_URL=url, STATE_DIR=str(folder.path / "state"), DEMO="1", DEBUG="0", CONN_MAX_AGE="600",
            REDIS_URL=places.redis_url, DJANGO_SETTINGS_MODULE="practice.config.settings",
        )  # fmt: skip
        django.setup()
        if is_new:
            _migrate()
        if is_new and kept:
            server.stop()
            _copy(places.postgres, kept)
            server.start()
        yield url
    finally:
        server.kill()
        folder.remove()


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def _copy(here: Path, there: Path) -> None:
    """Copy a stopped cluster with its owner and rights."""
    subprocess.run(["cp", "-a", str(here), str(there)], check=True)


@contextmanager
def own_valkey() -> Iterator[Path]:
    """Start a Valkey for the children that are started from now on; a folder for their files."""
    folder = Folder()
    places = Places(folder.path)
    server = start_valkey(places)
    os.environ["REDIS_URL"] = places.redis_url
    try:
        yield folder.path
    finally:
        server.kill()
        folder.remove()
