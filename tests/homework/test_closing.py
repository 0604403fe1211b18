"""What closes undone meets a therapist who is at work on the same pathway."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from homework.domain.enrolling import enrol
from homework.domain.expiring import close_due
from homework.domain.planning import locked
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus
from practice import clock
from tests.factories.activities import publish, publish_pathway
from tests.people import make_world

pytestmark = pytest.mark.timeout(120)
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def until_somebody_waits():
    """Wait until another connection waits for a row that this one holds."""
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would stay the same
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_closing_locks_the_pathway_before_its_rows(live_database):
    """As whoever withdraws does: else each would wait for what the other holds, and one of them fail."""
    world, wrong = make_world(), []
    with world.scope():
        publish(world)
        version = publish_pathway(world, {"kind": "interval", "days": 0}, {"kind": "after_completed"}, open_days=1)
        enrolment = enrol(
            client=world.client, pathway_version=version, start_local=clock.local(world.now, "Europe/Berlin"),
            tz="Europe/Berlin", by=world.therapist, now=world.now,
        )  # fmt: skip
        drain(moment=world.now)
        sent = Assignment.objects.get(status=AssignmentStatus.SENT)

        def close():
            try:
                close_due(moment=world.now + timedelta(days=2))
            except Exception as error:
                wrong.append(repr(error))
            finally:
                connection.close()

        closing = threading.Thread(target=close)
        with transaction.atomic():
            locked(enrolment.pk)
            closing.start()
            until_somebody_waits()
            Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=sent.pk)
        closing.join(60)
        sent.refresh_from_db()
    assert (wrong, sent.status) == ([], AssignmentStatus.MISSED)
