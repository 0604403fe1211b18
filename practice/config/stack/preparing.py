"""What is done once before the application starts: the database, its tables, the demo."""

import sys
from collections.abc import Awaitable, Callable

import psycopg2

from practice.config.env import BASE_DIR
from practice.config.stack.commands import CannotStart, Command

Runner = Callable[[Command], Awaitable[int]]


def manage(name: str, *arguments: str) -> Command:
    """A management command as a command of the parent."""
    return Command(name=name, argv=(sys.executable, str(BASE_DIR / "manage.py"), *arguments), grace=15)


async def migrate(run: Runner) -> None:
    """Bring the tables up to date."""
    if await run(manage("migrate", "migrate", "--no-input", "--verbosity", "0")):
        raise CannotStart("the database could not be migrated; the lines above say why.")


async def seed(run: Runner, voice: Callable[[str], None]) -> None:
    """Fill the demo practice."""
    voice("first start: making the demo practice, 12 weeks of it; this takes a minute or two")
    if await run(manage("demo", "demo")):
        raise CannotStart("the demo practice could not be made; the lines above say why.")


def has_practice(database_url: str) -> bool:
    """Whether anybody's practice is in the database."""
    connection = psycopg2.connect(database_url, connect_timeout=5)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM practice_practice)")
            row = cursor.fetchone()
            return bool(row and row[0])
    finally:
        connection.close()
