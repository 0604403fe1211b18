"""Databases for tests: migrated once a session into a template, then copied in a blink.

Each process of the session works in two copies of its own: an empty one, and one in which the people of `tests.people`
already are, since making them a thousand times takes minutes. A test that runs real servers gets a fresh copy.
"""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connection

from practice.config.stack.places import Places
from practice.vault.keyring import forget_keys

TEMPLATE, PEOPLED = "migrated", "peopled"
VISITED: list[str] = []  # fresh copies that this process works in meanwhile, the innermost last


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
    forget_keys()  # rows of another database bear the same numbers
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = places().database_url(name)


@contextmanager
def made_once(name: str) -> Iterator[bool]:
    """Whether this process is to make the template of that name; others wait meanwhile."""
    with (places().data / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not server(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")


def make_template() -> None:
    """Migrate the template if nobody did yet."""
    with made_once(TEMPLATE) as ours:
        if not ours:
            return
        server("DROP DATABASE IF EXISTS migrating")
        server("CREATE DATABASE migrating")
        use("migrating")
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        server(f"ALTER DATABASE migrating RENAME TO {TEMPLATE}")


def make_peopled(make: Callable[[], Any]) -> None:
    """Put the people into a copy of the template if nobody did yet, and write down who they are."""
    with made_once(PEOPLED) as ours:
        if not ours:
            return
        with copy("peopling"):
            _count_from_afar()
            (places().data / "people").write_bytes(pickle.dumps(make()))
            connection.close()
            server(f'ALTER DATABASE "peopling" RENAME TO {PEOPLED}')


def _count_from_afar() -> None:
    """Let each table count from a number of its own, so that a client's number is nobody's user."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
        for place, (name,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute("SELECT setval(%s, %s)", [name, place * 1000])


def people() -> Any:
    """The people of the peopled database, fresh objects at every call."""
    return pickle.loads((places().data / "people").read_bytes())


@contextmanager
def copy(name: str, *, template: str = TEMPLATE) -> Iterator[str]:
    """A fresh database that this process works in meanwhile; dropped afterwards."""
    make_template()
    VISITED.append(name)
    try:
        with _made(name, template):
            yield name
    finally:
        VISITED.remove(name)


@contextmanager
def _made(name: str, template: str) -> Iterator[None]:
    """The copy itself."""
    before = connection.settings_dict["NAME"]
    server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server(f'CREATE DATABASE "{name}" TEMPLATE {template}')
    use(name)
    try:
        yield
    finally:
        use(before)
        server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Standing:
    """In which of its two databases this process works: chosen before each test, made before the first that asks."""

    def __init__(self) -> None:
        self.with_people = False
        self.names: tuple[str, str] | None = None

    def choose(self, *, with_people: bool) -> None:
        """Work in this one from now on, unless the process visits a copy that a whole file of tests shares."""
        self.with_people = with_people
        if VISITED:
            if connection.settings_dict["NAME"] != VISITED[-1]:
                use(VISITED[-1])
        elif self.names and connection.settings_dict["NAME"] != self.names[with_people]:
            use(self.names[with_people])

    def is_among_people(self) -> bool:
        """Whether the people are in the database that this process works in."""
        return bool(self.names and connection.settings_dict["NAME"] == self.names[True])

    @contextmanager
    def both(self, worker: str, make: Callable[[], Any]) -> Iterator[None]:
        """Both databases, gone afterwards."""
        make_template()
        make_peopled(make)
        empty, peopled = f"test_{worker}", f"people_{worker}"
        with _made(peopled, PEOPLED), _made(empty, TEMPLATE):
            self.names = (empty, peopled)
            self.choose(with_people=self.with_people)
            yield
            self.names = None


STANDING = Standing()
