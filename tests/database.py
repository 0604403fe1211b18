"""Databases for tests: migrated once a session into a template, then copied in a blink.

Each process of the session works in a copy of its own; a test that runs real servers beside itself gets a fresh one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.core.management import call_command
from django.db import connection

from practice.config.stack.places import Places

TEMPLATE = "migrated"


def places() -> Places:
    """Where the session's PostgreSQL is."""
    return Places(Path(os.environ["TEST_POSTGRES"]))


def server(statement: str) -> bool:
    """Run a statement outside of any transaction; returns whether it gave a row."""
    link = psycopg2.connect(places().database_url("postgres"))
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
            return bool(cursor.description and cursor.fetchone())
    finally:
        link.close()


def use(name: str) -> None:
    """Let this process, its threads and the children it starts from now on work in that database."""
    connection.close()
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = places().database_url(name)


def make_template() -> None:
    """Migrate the template if nobody did yet; others wait meanwhile."""
    with (places().data / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if server(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
            return
        server("DROP DATABASE IF EXISTS migrating")
        server("CREATE DATABASE migrating")
        use("migrating")
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        server(f"ALTER DATABASE migrating RENAME TO {TEMPLATE}")


@contextmanager
def copy(name: str) -> Iterator[str]:
    """A fresh migrated database that this process works in meanwhile; dropped afterwards."""
    make_template()
    before = connection.settings_dict["NAME"]
    server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    use(name)
    try:
        yield name
    finally:
        use(before)
        server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
