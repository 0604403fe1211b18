"""Fault 14: another session holds a transaction open while 300,000 sends are drained. They keep four fifths of their
rate, because a drain never looks again at what it has passed."""

import os
import time

import psycopg2
import pytest
from django.db import connection

from homework.domain.sending import BATCH, drain
from tests.factories.due_sends import ALONE, LEFT, PEOPLE, SENT, TOLD, execute, fill, one
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.timeout(290)]
KEEPS = 0.8
BLOCKS = """
SELECT sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::float FROM pg_statio_user_tables
WHERE relname = 'homework_assignment'
"""


@pytest.fixture
def link(live_database):
    found = psycopg2.connect(os.environ["DATABASE_URL"])
    execute(found, PEOPLE)
    yield found
    found.close()


def drained(link, *, first, rows, batch):
    """Rows a second of one drain, on tables that were tidied before, and rows a block that it looked at."""
    fill(link, first=first, last=first + rows - 1)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE homework_assignment, practice_userchannel")
        cursor.execute("SELECT pg_stat_force_next_flush()")
    link.autocommit = False
    looked, began = one(link, BLOCKS), time.monotonic()
    assert drain(seconds=None, batch=batch).sent == rows
    took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    return rows / took, rows / (one(link, BLOCKS) - looked)


@pytest.mark.parametrize(
    ("rows", "batch", "keeps"),
    [(4_000, 50, "blocks"), pytest.param(300_000, BATCH, "rate", marks=pytest.mark.long)],
    ids=["short", "full"],
)
def test_old_transaction_costs_little(link, request, rows, batch, keeps):
    """A drain of a thousand rows is over in 50 ms, in which a rate is chance: the short form holds what the rate comes
    from, how many blocks are looked at, in small batches; the full form holds the rate.
    """
    drain(seconds=None)  # binds the lane
    old, part, found = psycopg2.connect(os.environ["DATABASE_URL"]), rows // 4, {False: (0.0, 0.0), True: (0.0, 0.0)}
    for number, held in enumerate((False, True, False, True)):
        if held:
            with old.cursor() as cursor:
                cursor.execute("SELECT txid_current(), count(*) FROM homework_assignment")
        measured = drained(link, first=number * part + 1, rows=part, batch=batch)
        found[held] = tuple(map(max, found[held], measured))
        old.rollback()
    old.close()
    told, distinct = one(link, TOLD)
    kept = {name: held / free for name, held, free in zip(("rate", "blocks"), found[True], found[False], strict=True)}
    more = f"{kept['rate']:.2f} of the rate of {found[False][0]:,.0f}/s, {kept['blocks']:.2f} of the rows a block"
    tell(request, Told(f"14 {rows} sends", lost=rows - one(link, SENT), doubled=told - distinct, more=more))
    assert (one(link, LEFT), told, distinct, one(link, ALONE)) == (0, rows, rows, 0)
    assert kept[keeps] >= KEEPS
