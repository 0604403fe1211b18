"""Fault 29: the database's disk is full. Nothing is half-written, pages say 503 and when to come back, no row is taken
for a bad one, and everything goes on when there is room again.

What is full is any file of the server beyond a bound (RLIMIT_FSIZE), set on the running postmaster: this needs neither
root nor a file system of its own, and PostgreSQL meets it where it meets a full disk, when a table must grow.
"""

import contextlib
import resource
from datetime import timedelta

import psycopg2
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from homework.domain.sending import drain
from practice.pages.errors import server_error
from practice.tenancy.outages import is_outage
from tests.factories.due_sends import ALONE, LEFT, PEOPLE, SENT, TOLD, execute, fill, one
from tests.faults.own_postgres import own_postgres
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(200)]
MEGABYTE = 1 << 20
SEGMENT = 16 * MEGABYTE  # of the write-ahead log, which must not be what is full
SIZE = "SELECT pg_relation_size('homework_assignment')"
HELD = "SELECT count(*) FROM homework_assignment WHERE status = 7"


@pytest.fixture
def server(django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), own_postgres(tmp_path / "pg") as started:
        yield started


def bound(server, size):
    """Let no file of the server's new backends grow beyond that."""
    for pid in server.processes():
        with contextlib.suppress(ProcessLookupError):
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
    connection.close()


def answered_while(rf, work):
    """Return the status that a page gets when this is what it does."""
    try:
        work()
    except DatabaseError as error:
        return server_error(rf.get("/")).status_code if is_outage(error) else 500
    return 200


def test_full_disk_loses_nothing_and_sends_go_on_when_there_is_room(server, request, rf):
    rows = 130_000
    link = psycopg2.connect(server.url)
    execute(link, PEOPLE)
    fill(link, first=1, last=rows)
    full = one(link, SIZE) + MEGABYTE
    assert full > SEGMENT
    link.close()
    bound(server, full)
    status = answered_while(rf, lambda: drain(seconds=None))
    link = psycopg2.connect(server.url)
    before = one(link, SENT)
    assert (status, one(link, ALONE), one(link, HELD)) == (503, 0, 0)
    assert 0 < before < rows
    link.close()
    connection.close()
    bound(server, resource.RLIM_INFINITY)
    began = timezone.now()
    drain(seconds=None)
    recovery = (timezone.now() - began) / timedelta(seconds=1)
    link = psycopg2.connect(server.url)
    told, distinct = one(link, TOLD)
    more = f"{before} of {rows} sent before it was full"
    tell(request, Told("29", None, rows - one(link, SENT), told - distinct, recovery=recovery, more=more))
    assert (one(link, LEFT), one(link, SENT), told, distinct, one(link, ALONE)) == (0, rows, rows, rows, 0)
    link.close()
