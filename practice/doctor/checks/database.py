"""PostgreSQL: reached, new enough, and set up so that what it acknowledged stays."""

from typing import Any, Final

from django.db import DatabaseError, connection

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn

OLDEST: Final = 17  # the first with a locale of its own; what we test with is 18, and an installation on 17
WANTED: Final = {
    "fsync": ("on", "a power cut may destroy the database"),
    "full_page_writes": ("on", "a power cut may destroy the database"),
    "synchronous_commit": ("on", "what was acknowledged may be lost when the server dies"),
    "autovacuum": ("on", "tables grow without end"),
}
LOOK: Final = """
SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datcollate, datctype,
  to_jsonb(d) ->> 'datlocprovider', to_jsonb(d) ->> 'datcollversion',
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
  current_setting('max_connections')::int,
  (SELECT extract(epoch FROM now() - min(xact_start)) FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid())
FROM pg_database d WHERE datname = current_database()
"""
LONG_TRANSACTION: Final = 600


def look_at_database() -> list[Finding]:
    """Return how the server is set up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(LOOK)
            seen = cursor.fetchone()
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(WANTED)])
            settings = dict(cursor.fetchall())
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        return [fail(f"PostgreSQL doesn't answer: {reason}", "Start it, and check DATABASE_URL.")]
    return [_version(seen[0]), *_locale(*seen[1:6]), *_settings(settings), *_use(*seen[6:])]


def _version(number: int) -> Finding:
    major = number // 10_000
    if major < OLDEST:
        return fail(f"PostgreSQL {major} is too old", f"Upgrade it: {OLDEST} at least, 18 is what we test with.")
    return fine(f"PostgreSQL {major}.{number % 10_000} answers", version=number)


def _locale(
    encoding: str, collate: str, ctype: str, provider: str | None, collation_version: str | None
) -> list[Finding]:
    if encoding != "UTF8":
        do = "Dump it, create it with ENCODING 'UTF8' TEMPLATE template0, restore."
        return [fail(f"the database's encoding is {encoding}, not UTF8", do)]
    if provider == "b" or collate in {"C", "POSIX", "C.UTF-8", "C.utf8"}:
        return []
    says = f"the database sorts by {collate}: an upgrade of the system's C library may break its indexes"
    return [warn(says, "Create it with LOCALE_PROVIDER builtin (see docs/operator/install.md), or REINDEX after such.")]


def _settings(settings: dict[str, str]) -> list[Finding]:
    wrong = {name: why for name, (value, why) in WANTED.items() if settings.get(name, value) != value}
    return [
        warn(f"{name} is {settings[name]}: {why}", f"ALTER SYSTEM SET {name} = 'on'; SELECT pg_reload_conf();")
        for name, why in wrong.items()
    ]


def _use(connections: int, allowed: int, oldest_transaction: Any) -> list[Finding]:
    found = []
    if connections > 0.8 * allowed:
        do = "Find who holds them (pg_stat_activity), or raise max_connections."
        found.append(warn(f"{connections} of {allowed} connections are in use", do))
    if oldest_transaction and oldest_transaction > LONG_TRANSACTION:
        says = f"a transaction has been open for {int(oldest_transaction) // 60} minutes and keeps dead rows"
        found.append(warn(says, "Look for it in pg_stat_activity (xact_start) and end it."))
    return found


DOCTOR_CHECKS.register("database", look_at_database, order=10)
