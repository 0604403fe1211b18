"""Fault 13: one row can't be sent. The other 9,999 go; it is held with its reason, and staff see it."""

from datetime import timedelta

import pytest
from django.db import connection

from clients.models import AttentionItem
from homework.domain.enrolling import send_activity
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus
from tests.factories.activities import publish
from tests.faults.told import Told, tell

pytestmark = [pytest.mark.fault, pytest.mark.django_db]

POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'bad row'; END $$;
CREATE TRIGGER poison BEFORE UPDATE ON homework_assignment FOR EACH ROW
WHEN (OLD.id = {id} AND NEW.status = 3) EXECUTE FUNCTION poison();
"""
COPIES = """
SET LOCAL session_replication_role = replica;
INSERT INTO homework_assignment (practice_id, client_id, recipient_id, rater, enrolment_id, step, occurrence, plan_rev,
  activity_version_id, local_at, tz, send_at, status)
SELECT practice_id, client_id, recipient_id, rater, enrolment_id, step, n, plan_rev, activity_version_id, local_at, tz,
  send_at + n * interval '1 ms', status
FROM homework_assignment, generate_series(2, 10000) n;
SET LOCAL session_replication_role = DEFAULT
"""


def test_the_others_go_and_the_row_is_held_with_its_reason(world, request):
    with world.scope():
        send_activity(
            clients=[world.client], activity_version=publish(world), at_local=None, by=world.therapist, now=world.now
        )
        with connection.cursor() as cursor:
            cursor.execute(COPIES)
            bad = Assignment.objects.get(occurrence=4321)
            cursor.execute(POISON.format(id=bad.pk))
        done = drain(moment=world.now + timedelta(minutes=1), seconds=None)
        bad.refresh_from_db()
        assert (done.sent, done.held) == (9_999, 1)
        assert (bad.status, bad.hold_reason) == (AssignmentStatus.HELD, "poison: bad row")
        item = AttentionItem.objects.get(kind="send_failed")
        assert (item.client_id, item.subject_id) == (world.client.pk, bad.pk)
        assert drain(moment=world.now + timedelta(minutes=1)).sent == 0
        left = Assignment.objects.filter(status=AssignmentStatus.SCHEDULED).count()
        tell(request, Told("13", lost=left, more="9,999 sent, 1 held"))
