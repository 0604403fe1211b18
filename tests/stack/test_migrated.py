"""A warm start migrates only when there is something to migrate."""

from pathlib import Path

import pytest
from django.db import connection

from practice.config.stack import migrated
from practice.config.stack.migrated import Migrated
from practice.config.stack.places import Places
from tests.database import places


@pytest.fixture
def known(live_database: str, tmp_path: Path) -> Migrated:
    """A migrated database whose packages were noted."""
    made = Migrated(Places(tmp_path), places().database_url(live_database))
    made.remember()
    return made


def test_migrated_database_has_nothing_new(known: Migrated) -> None:
    assert known.nothing_new()


def test_new_file_or_dropped_row_is_new(known: Migrated, monkeypatch: pytest.MonkeyPatch) -> None:
    files = migrated.on_disk()
    monkeypatch.setattr(migrated, "on_disk", lambda: files | {("homework", "9999_new")})
    assert not known.nothing_new()
    monkeypatch.setattr(migrated, "on_disk", lambda: files)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'alliance'")
    assert not known.nothing_new()


def test_other_packages_are_new(known: Migrated) -> None:
    (known.places.data / "migrated").write_text("other packages")
    assert not known.nothing_new()


def test_empty_database_is_new(known: Migrated) -> None:
    assert not Migrated(known.places, places().database_url("postgres")).nothing_new()
