"""How long the database works or waits for each kind of process, and that it really stops."""

import os
import time

import psycopg2
import pytest
from psycopg2 import errors

from practice.config import limits
from practice.config.limits import KINDS, LIMITS, connection_options
from practice.config.stack import application
from tests.database import server

SERVICES = ("web", "live", "engine", "worker")


def connect(process):
    return psycopg2.connect(os.environ["DATABASE_URL"], **connection_options(process))


def shown(link, name):
    with link.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = %s", [name])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("process", SERVICES)
def test_each_process_is_limited_from_its_first_statement(process, db):
    link = connect(process)
    assert {name: shown(link, name) for name in LIMITS[process]} == LIMITS[process]
    assert set(LIMITS[process]) == {
        *("statement_timeout", "lock_timeout"),
        *("idle_in_transaction_session_timeout", "idle_session_timeout"),
    }
    link.close()


def test_what_the_address_sets_stands_beside_the_limits(db):
    """It took their place: whoever chose a schema had no limits any more."""
    given = {"options": "-c work_mem=9999 -c lock_timeout=1500", "sslmode": "disable"}
    options = connection_options("web", given)
    assert options["sslmode"] == "disable"
    link = psycopg2.connect(os.environ["DATABASE_URL"], **options)
    assert [shown(link, name) for name in ("work_mem", "lock_timeout", "statement_timeout")] == [9999, 1500, 20_000]
    link.close()


def test_a_command_by_hand_may_take_its_time(db):
    link = connect("command")
    assert (shown(link, "statement_timeout"), shown(link, "idle_session_timeout")) == (0, 0)
    link.close()


@pytest.fixture
def quick(monkeypatch, db):
    """Limits of a tenth of a second."""
    monkeypatch.setattr(limits, "LIMITS", {"web": dict.fromkeys(LIMITS["web"], 100)})
    links = [connect("web"), connect("web")]
    for link in links:
        link.autocommit = True
    yield links
    for link in links:
        link.close()


def test_a_statement_is_stopped(quick):
    with quick[0].cursor() as cursor, pytest.raises(errors.QueryCanceled):
        cursor.execute("SELECT pg_sleep(5)")


def test_a_wait_for_a_lock_is_stopped(quick):
    holder, waiter = quick[0].cursor(), quick[1].cursor()
    holder.execute("SET idle_in_transaction_session_timeout = 0")
    holder.execute("BEGIN; LOCK TABLE practice_practice")
    waiter.execute("SET statement_timeout = 0")
    with pytest.raises(errors.LockNotAvailable):
        waiter.execute("SELECT 1 FROM practice_practice")


@pytest.mark.parametrize("begin", ["BEGIN; SELECT 1", "SELECT 1"])
def test_who_falls_silent_is_cut_off(quick, begin):
    cursor, number = quick[0].cursor(), quick[0].get_backend_pid()
    cursor.execute(begin)
    deadline = time.monotonic() + 60
    while server(f"SELECT 1 FROM pg_stat_activity WHERE pid = {number}"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(psycopg2.OperationalError):
        cursor.execute("SELECT 1")


def test_the_services_say_what_they_are():
    told = [command.environment.get("PROCESS") for command in (application.engine(), application.worker())]
    assert told == ["engine", "worker"]
    assert set(SERVICES) < set(KINDS)
