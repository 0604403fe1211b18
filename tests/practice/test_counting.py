"""Counts compiled once: the same as the ORM's own, for every person and practice, and never outside a scope."""

from datetime import timedelta

import pytest

from clients.models import Client, Leave
from clients.queries.counting import CASELOAD
from homework.models import AssignmentStatus, Response
from homework.queries import review
from messaging.models import Conversation
from messaging.queries import listing
from practice.tenancy import ScopeError, every_practice, scope
from tests.homework.sheets import make_assignment
from tests.people import NOW

pytestmark = pytest.mark.django_db
COUNTED = (CASELOAD, review.UNREAD, listing.WAITING)


@pytest.fixture
def busy(world):
    """Everybody's clients sent something back and wrote; Jonas is away, with Noor standing in."""
    for client in (world.client, world.second, world.stranger, world.other_client):
        sheet = make_assignment(client, NOW, status=AssignmentStatus.DONE)
        with scope(practice=client.practice_id):
            Response.objects.create(
                practice_id=client.practice_id, client=client, assignment=sheet, author=client.user, started_at=NOW,
                submitted_at=NOW,
            )  # fmt: skip
            Conversation.objects.filter(client=client).update(waiting_since=NOW)
    return world


def counts(practice, user):
    with scope(practice=practice):
        found = [counted.of(user) for counted in COUNTED]
        assert found == [counted.rows(user).count() for counted in COUNTED]
    return found


def test_each_person_has_their_own(busy):
    assert counts(busy.practice, busy.therapist) == [2, 2, 2]
    assert counts(busy.practice, busy.colleague) == [1, 1, 1]
    assert counts(busy.practice, busy.admin) == [0, 0, 0]
    assert counts(busy.other_practice, busy.outsider) == [1, 1, 1]
    assert counts(busy.other_practice, busy.therapist) == [0, 0, 0]


def test_a_stand_in_counts_those_they_stand_in_for(busy):
    with busy.scope():
        Client.objects.filter(pk=busy.stranger.pk).update(therapist=busy.colleague)
        Leave.objects.create(
            practice=busy.practice, user=busy.colleague, stand_in=busy.therapist, starts_at=NOW - timedelta(days=9999),
            ends_at=NOW + timedelta(days=9999), created_by=busy.therapist, created_at=NOW,
        )  # fmt: skip
    assert counts(busy.practice, busy.therapist) == [3, 3, 3]


def test_never_outside_the_scope_of_one_practice(world):
    with pytest.raises(ScopeError):
        CASELOAD.of(world.therapist)
    with every_practice("a test tries"), pytest.raises(ScopeError):
        CASELOAD.of(world.therapist)
