"""Fault 12: a copy of the database comes back, by plain tools. It sends nothing until released, then what was listed.

Three kinds: a dump in another cluster, a dump put back into the same database, the data folder copied without
`STATE_DIR`. Meanwhile the original sends everything. "lost" and "doubled" compare both sides with what was due.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from homework.domain.releasing import release, what_would_go
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus
from practice.config.stack import postgres
from practice.config.stack.places import Places
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, EngineLane
from tests.factories.copies import NEW, open_house, other_cluster, working_in
from tests.faults.told import Told, tell
from tests.servers import start_postgres

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]


def run(name, *words, url, **more):
    """One of PostgreSQL's programs."""
    subprocess.run([postgres.binaries() / name, *words, "--dbname", url], check=True, **more)


def dumped(url, file):
    """A dump, as an operator would make one by hand."""
    run("pg_dump", "--format=custom", "--no-owner", "--file", file, url=url)


@contextmanager
def in_another_cluster(settings, tmp_path):
    """A dump restored elsewhere."""
    url = os.environ["DATABASE_URL"]
    house = open_house()
    dumped(url, tmp_path / "dump")
    sent_by_the_original = drain().sent
    with other_cluster(databases=("copy",)) as places:
        there = places.database_url("copy")
        run("pg_restore", "--no-owner", tmp_path / "dump", url=there)
        with working_in(there, state=tmp_path / "elsewhere", settings=settings):
            yield house, sent_by_the_original


@contextmanager
def in_the_same_database(settings, tmp_path):
    """A dump of an hour ago put back over what came later."""
    url = os.environ["DATABASE_URL"]
    house = open_house()
    dumped(url, tmp_path / "dump")
    with connection.cursor() as cursor:  # the copy was made a while before the original's last tick
        cursor.execute("SELECT pg_sleep(2.1)")
    sent_by_the_original = drain().sent
    connection.close()
    run("pg_restore", "--clean", "--if-exists", "--no-owner", tmp_path / "dump", url=url)
    yield house, sent_by_the_original


@contextmanager
def in_a_copied_folder(settings, tmp_path):
    """The data folder of a stopped server, copied; its state folder wasn't."""
    with other_cluster(databases=("original",)) as places:
        migrated = Places(type(tmp_path)(os.environ["TEST_POSTGRES"])).database_url("migrated")
        dumped(migrated, tmp_path / "migrated")
        run("pg_restore", "--no-owner", tmp_path / "migrated", url=places.database_url("original"))
        with working_in(places.database_url("original"), state=tmp_path / "state", settings=settings):
            house = open_house()
        stop(places)
        copied = Places(places.data / "copy")
        copied.make()
        shutil.copytree(places.postgres, copied.postgres)
        os.chown(copied.postgres, places.postgres.stat().st_uid, -1)
        with started(places), working_in(places.database_url("original"), state=tmp_path / "state", settings=settings):
            sent_by_the_original = drain().sent
        with started(copied), working_in(copied.database_url("original"), state=tmp_path / "empty", settings=settings):
            yield house, sent_by_the_original


@contextmanager
def started(places):
    """A server on a folder that is there already."""
    server = start_postgres(places)
    try:
        yield
    finally:
        server.stop()


def stop(places):
    """End the server of a folder, and let it write everything out."""
    pid = int((places.postgres / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    while (places.postgres / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


KINDS = {
    "another cluster": in_another_cluster,
    "same database": in_the_same_database,
    "copied folder": in_a_copied_folder,
}


@pytest.mark.parametrize("kind", KINDS)
def test_copy_is_silent_until_released_and_then_sends_what_it_listed(kind, live_database, tmp_path, settings, request):
    settings.STATE_DIR = tmp_path / "state"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with KINDS[kind](settings, tmp_path) as (house, sent_by_the_original):
        mail.outbox.clear()
        ticked = [drain().on_hold, deliver(channel=Channel.EMAIL).on_hold, drain().on_hold]
        assert all(ticked), ticked
        assert set(EngineLane.objects.values_list("hold", flat=True)) == {True}
        doubled = house.sent() + len(mail.outbox)

        listed = what_would_go(lose_before=timezone.now() - 2 * NEW)
        began = time.monotonic()
        release(lose_before=timezone.now() - 2 * NEW)
        sent = drain().sent
        recovery = time.monotonic() - began
        with house.world.scope():
            expired = Assignment.objects.filter(status=AssignmentStatus.EXPIRED).count()

    told = tell(
        request,
        Told(
            "12", lost=house.old + house.new - sent - expired, doubled=doubled, recovery=recovery,
            more=f"{kind}: original sent {sent_by_the_original}, copy listed {listed.sends}, later sent {sent}",
        ),
    )  # fmt: skip
    assert (told.lost, told.doubled, sent_by_the_original) == (0, 0, house.old + house.new)
    assert (sent, expired) == (listed.sends, listed.sends_lost) == (house.new, house.old)
