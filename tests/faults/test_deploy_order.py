"""Fault 31: while a release goes out, workers of the one before run on the new schema, and new workers find rows that
the old ones wrote. What the last release ran stands in `released/` and doesn't change until the next release."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from homework.domain.enrolling import send_activity
from homework.domain.sending import LATE, drain
from homework.domain.sending import _kinds as kinds
from homework.models import Activity, Assignment, AssignmentStatus
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, Notification, NotificationStatus, UserChannel
from tests.factories.activities import publish
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.django_db]
RELEASED = Path(__file__).parent / "released"
COLUMNS: dict[str, str] = json.loads((RELEASED / "columns.json").read_text())
KNOWN = """
SELECT column_name, is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES' OR is_generated <> 'NEVER'
FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
"""


class Taking(Sender):
    channel, has_provider = Channel.EMAIL, False

    def __init__(self):
        self.taken = []

    def send(self, letter):
        self.taken.append(letter.reference)
        return Result(Outcome.ACCEPTED, "1")


def run(name, **params):
    """Run a statement of the last release; returns its rows, or how many it changed."""
    with connection.cursor() as cursor:
        cursor.execute((RELEASED / f"{name}.sql").read_text(), params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def elm(world):
    """Two things due now, a reminder behind each, and channels as the last release wrote them."""
    with world.scope():
        publish(world, reminder_days=1)
        for client in (world.client, world.second):
            send_activity(
                clients=[client], activity_version=Activity.objects.get().latest, at_local=None, by=None, now=world.now
            )
        UserChannel.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO practice_userchannel (user_id, kind, channel)"
                " SELECT user_id, 0, c FROM clients_client, generate_series(1, 2) c"
            )
        yield world


def old_claim(world):
    return run(
        "claim", **kinds(), moment=world.now, limit=1000, quiet=False, seal=uuid.uuid4().hex, watermark=world.now - LATE
    )


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.django_db
def test_old_code_finds_its_columns_and_may_leave_out_the_new_ones(table):
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [table])
        there = dict(cursor.fetchall())
    before = set(COLUMNS[table].split())
    assert before - there.keys() == set(), "an old worker still reads these"
    assert [name for name, optional in there.items() if name not in before and not optional] == []


def test_old_worker_on_the_new_schema_and_new_worker_on_old_rows(elm, request):
    ((sent, expired, *_),) = old_claim(elm)
    assert (sent, expired, drain(moment=elm.now).sent) == (2, 0, 0)
    mails = Notification.objects.filter(channel=Channel.EMAIL)
    assert mails.count() == 4  # two mails, two reminders that sleep
    token = uuid.uuid4().hex
    leased = run("lease", channel=2, moment=elm.now, limit=1, token=token, lease=timedelta(minutes=5))
    deliver(channel=Channel.EMAIL, moment=elm.now, sender=(new := Taking()))
    assert (len(leased), len(new.taken)) == (1, 1)
    settled = {"status": 3, "error": "", "reference": "r", "done_at": elm.now, "not_before": None, "expires_at": None}
    assert run("settle", id=leased[0][0], token=token, give_back=0, **settled) == 1
    deliver(channel=Channel.EMAIL, moment=elm.now + timedelta(days=1, minutes=1), sender=new)
    done = mails.filter(status=NotificationStatus.ACCEPTED).count()
    rows = Assignment.objects.filter(status=AssignmentStatus.SENT)
    tell(request, Told("31", lost=4 - done, doubled=len(new.taken) - len(set(new.taken)), more="0.1.0 and this one"))
    assert (done, len(new.taken), rows.count()) == (4, 3, 2)


def test_row_that_an_old_worker_left_leased_is_taken_over(elm):
    old_claim(elm)
    run("lease", channel=2, moment=elm.now, limit=10, token=uuid.uuid4().hex, lease=timedelta(minutes=5))
    deliver(channel=Channel.EMAIL, moment=elm.now + timedelta(minutes=4), sender=(new := Taking()))
    assert new.taken == []
    deliver(channel=Channel.EMAIL, moment=elm.now + timedelta(minutes=6), sender=new)
    assert len(new.taken) == 2
