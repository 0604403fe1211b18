"""Fault 14: another session holds a transaction open while 300,000 sends are drained. They keep four fifths of their
rate, because a drain never looks again at what it has passed."""

import os
import time

import psycopg2
import pytest

from homework.domain.sending import drain
from tests.factories.due_sends import ALONE, LEFT, PEOPLE, SENT, TOLD, execute, fill, one
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.timeout(290)]
KEEPS = 0.8


@pytest.fixture
def link(live_database):
    found = psycopg2.connect(os.environ["DATABASE_URL"])
    execute(found, PEOPLE)
    yield found
    found.close()


def drained(link, *, first, rows):
    """Rows a second of one drain, on tables that were tidied before."""
    fill(link, first=first, last=first + rows - 1)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE homework_assignment, practice_userchannel")
    link.autocommit = False
    began = time.monotonic()
    assert drain(seconds=None).sent == rows
    return rows / (time.monotonic() - began)


@pytest.mark.parametrize(("rows", "keeps"), [(4_000, 0.0), pytest.param(300_000, KEEPS, marks=pytest.mark.long)])
def test_old_transaction_costs_little(link, request, rows, keeps):
    part, speeds = rows // 4, {False: 0.0, True: 0.0}
    drain(seconds=None)  # binds the lane
    old = psycopg2.connect(os.environ["DATABASE_URL"])
    for number, held in enumerate((False, True, False, True)):
        if held:
            with old.cursor() as cursor:
                cursor.execute("SELECT txid_current(), count(*) FROM homework_assignment")
        speeds[held] = max(speeds[held], drained(link, first=number * part + 1, rows=part))
        old.rollback()
    old.close()
    told, distinct = one(link, TOLD)
    ratio = speeds[True] / speeds[False]
    more = f"{ratio:.2f} of the rate of {speeds[False]:,.0f}/s"
    tell(request, Told(f"14 {rows} sends", lost=rows - one(link, SENT), doubled=told - distinct, more=more))
    assert (one(link, LEFT), told, distinct, one(link, ALONE)) == (0, rows, rows, 0)
    assert ratio >= keeps
