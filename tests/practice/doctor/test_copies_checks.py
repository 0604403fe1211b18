"""What the doctor says of the trail's seals and of backups."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from practice.audit import record
from practice.audit.sealing import seal
from practice.contributions.checks import State
from practice.doctor.checks.audit import look_at_seals
from practice.doctor.checks.backups import look_at_backups

pytestmark = [pytest.mark.django_db, pytest.mark.today]


@pytest.fixture
def real(settings):
    """No demo, and a key."""
    settings.DEMO, settings.BACKUP_KEYS = False, {"b1": bytes(32)}


def test_rows_that_wait_long_for_their_seal_are_told(world):
    seal()
    assert look_at_seals().state == State.OK
    record("signed_in", practice_id=None, by=None, now=world.now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE practice_auditmark SET complete_at = now() - interval '1 hour'")
    found = look_at_seals()
    assert (found.state, found.facts["unsealed"]) == (State.WARN, 1)


def test_backup_is_missed_when_there_is_none_or_an_old_one(real):
    assert look_at_backups().says == "no backup was ever made"
    record("backup_made", practice_id=None, by=None, now=timezone.now() - timedelta(days=3), bytes=5)
    assert look_at_backups().says == "the last backup is 3 days old"
    record("backup_made", practice_id=None, by=None, now=timezone.now() - timedelta(hours=3), bytes=5)
    assert (look_at_backups().state, look_at_backups().says) == (State.OK, "the last backup is 3 hours old")


def test_missing_keys_and_programs_are_named(real, settings, monkeypatch):
    monkeypatch.setattr("practice.copies.programs._candidates", lambda name: iter(()))
    assert look_at_backups().state == State.FAIL
    settings.BACKUP_KEYS = {}
    assert look_at_backups().says == "BACKUP_KEYS isn't set: no backup can be made"
