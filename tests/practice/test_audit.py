"""The trail is only ever added to."""

import pytest
from django.db import InternalError, transaction

from practice.audit import record
from practice.audit.models import AuditEvent
from practice.audit.recording import UnknownVerb
from tests.people import NOW


def a_trace(world):
    """A row of the trail."""
    return record(
        "client_opened", practice_id=world.practice.pk, by=world.therapist, now=NOW, client_id=world.client.pk, page=1
    )


def test_trace_says_who_did_what_with_whose_record_when(world):
    row = a_trace(world)
    assert (row.actor, row.verb, row.client_ref, row.at) == (world.therapist, "client_opened", world.client.pk, NOW)
    assert row.facts == {"page": 1}


def test_trace_with_an_unknown_verb_is_refused(world):
    with pytest.raises(UnknownVerb):
        record("invented", practice_id=world.practice.pk, by=None, now=NOW)


def test_trace_can_not_be_changed(world):
    row = a_trace(world)
    with world.scope(), pytest.raises(InternalError, match="append_only"), transaction.atomic():
        AuditEvent.objects.filter(pk=row.pk).update(verb="client_added")


def test_trace_can_not_be_deleted(world):
    row = a_trace(world)
    with world.scope(), pytest.raises(InternalError, match="append_only"), transaction.atomic():
        AuditEvent.objects.filter(pk=row.pk).delete()


def test_trace_is_seen_in_its_practice_alone(world):
    row = a_trace(world)
    with world.other_scope():
        assert not AuditEvent.objects.filter(pk=row.pk).exists()


def test_opening_a_clients_page_leaves_one_trace(world):
    world.as_(world.therapist).get(f"/desk/clients/{world.client.pk}/")
    with world.scope():
        assert AuditEvent.objects.filter(verb="client_opened", client_ref=world.client.pk).count() == 1


def test_list_of_clients_leaves_no_trace(world):
    with world.scope():
        before = AuditEvent.objects.count()
    world.as_(world.therapist).get("/desk/clients/")
    with world.scope():
        assert AuditEvent.objects.count() == before


def test_page_that_fetches_itself_anew_leaves_no_second_trace(world):
    browser, path = world.as_(world.therapist), f"/desk/clients/{world.client.pk}/"
    browser.get(path)
    browser.get(path, headers={"X-Live": "1"})
    with world.scope():
        assert AuditEvent.objects.filter(verb="client_opened", client_ref=world.client.pk).count() == 1
