"""Whether there is anything to migrate, found out in milliseconds: asking Django takes seconds of a warm start."""

import hashlib
from dataclasses import dataclass

import psycopg2

from practice.config.env import BASE_DIR
from practice.config.stack.places import Places

ROOMS = ("practice", "clients", "messaging", "homework", "alliance")
APPLIED = "SELECT app, name FROM django_migrations WHERE app = ANY(%s)"


def on_disk() -> set[tuple[str, str]]:
    """Room and name of each migration file."""
    return {(room, path.stem) for room in ROOMS for path in (BASE_DIR / room / "migrations").glob("[0-9]*.py")}


@dataclass(frozen=True)
class Migrated:
    """Compares the rooms' migrations with the database, and the packages' by the lock file they came with."""

    places: Places
    database_url: str

    def nothing_new(self) -> bool:
        """Whether every migration of the rooms is applied and the packages are those of the last time."""
        stamp = self.places.data / "migrated"
        return stamp.exists() and stamp.read_text() == _packages() and self._applied() == on_disk()

    def remember(self) -> None:
        """Note the packages whose migrations are applied now."""
        (self.places.data / "migrated").write_text(_packages())

    def _applied(self) -> set[tuple[str, str]]:
        connection = psycopg2.connect(self.database_url, connect_timeout=5)
        try:
            with connection.cursor() as cursor:
                cursor.execute(APPLIED, [list(ROOMS)])
                return {(app, name) for app, name in cursor.fetchall()}
        except psycopg2.Error:
            return set()
        finally:
            connection.close()


def _packages() -> str:
    return hashlib.sha256((BASE_DIR / "requirements.lock").read_bytes()).hexdigest()
