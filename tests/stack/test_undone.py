"""What `docs/operator/upgrading.md` promises about going back: migrations can be undone with data in the tables."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories.copies import open_house

ROOMS = ("alliance", "homework", "messaging", "clients", "practice")  # the uppermost first
SHAPE = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
UNION ALL
SELECT conrelid::regclass::text, pg_get_constraintdef(oid), '', true FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ', 'INDEX '), '', true
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT tgrelid::regclass::text, tgname, '', true FROM pg_trigger WHERE NOT tgisinternal
"""
KEPT = ("practice_user", "clients_client", "homework_assignment", "messaging_conversationevent", "practice_auditevent")

pytestmark = [pytest.mark.long, pytest.mark.timeout(280)]


def shape():
    """Every column, constraint, index and trigger of the database."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return set(cursor.fetchall())


def rows():
    """How many rows the tables have that were there from the first migration on."""
    counted = {}
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
    return counted


def test_every_migration_can_be_undone_and_done_again_with_data_there(live_database):
    open_house()
    before, there = shape(), rows()
    assert all(there.values())
    for room in ROOMS:
        call_command("migrate", room, "0001", verbosity=0, interactive=False)
    assert rows() == there
    call_command("migrate", verbosity=0, interactive=False)
    assert (shape() ^ before, rows()) == (set(), there)
