"""The planner's tick: it gets to everybody, whatever is wrong with one, and says when it doesn't."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from homework.domain import planning
from homework.domain.enrolling import enrol
from homework.domain.releasing import release
from homework.models import Assignment, AssignmentStatus, Enrolment
from tests.homework.drafts import make_pathway

pytestmark = pytest.mark.django_db
FAR = timedelta(days=30)


@pytest.fixture
def ways(world):
    """Three people on a weekly pathway whose plan has run out."""
    weekly = [{"key": "w", "activity": "when-a-worry-knocks", "timing": {"kind": "weekly", "weekdays": ["mo"]}}]
    version = make_pathway(world, body=weekly).latest
    with world.scope():
        made = [
            enrol(
                client=client, pathway_version=version, start_local=datetime(2026, 11, 25, 9), tz="Europe/Berlin",
                by=world.therapist, now=world.now,
            )
            for client in (world.client, world.second, world.stranger)
        ]  # fmt: skip
        yield made


def furthest(enrolment):
    """The last date that an enrolment has been planned to."""
    return Assignment.objects.filter(enrolment=enrolment).latest("send_at").send_at


def test_plan_in_a_zone_that_is_gone_stops_nobody_elses(world, ways):
    first, *others = ways
    Enrolment.objects.filter(pk=first.pk).update(tz="Europe/Atlantis", planned_until=None)
    before = [furthest(one) for one in others]

    planning.plan_due(now=world.now + FAR)

    assert all(furthest(one) > known for one, known in zip(others, before, strict=True))
    assert Enrolment.objects.get(pk=first.pk).planned_until == world.now + FAR + planning.TRY_AGAIN


def test_lost_connection_is_no_plans_fault(world, ways, monkeypatch):
    def lost(**_):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(planning, "plan_anew", lost)
    with pytest.raises(OperationalError):
        planning.plan_due(now=world.now + FAR)
    assert not Enrolment.objects.filter(planned_until__gt=world.now + FAR).exists()


def test_more_than_a_batch_is_planned_in_one_tick(world, ways):
    assert planning.plan_due(now=world.now + FAR, batch=1) == 3


def test_a_tick_ends_when_its_time_is_over(world, ways):
    assert planning.plan_due(now=world.now + FAR, batch=1, seconds=0) == 1


def test_what_follows_on_what_a_release_lost_is_planned_by_the_next_tick(world):
    version = make_pathway(world).latest
    with world.scope():
        enrolment = enrol(
            client=world.client, pathway_version=version, start_local=datetime(2026, 11, 25, 9), tz="Europe/Berlin",
            by=world.therapist, now=world.now,
        )  # fmt: skip
        Assignment.objects.filter(step="first").update(send_at=world.now - timedelta(days=1))

        assert release(lose_before=world.now).sends_lost == 1

        assert planning.plan_due(now=world.now + timedelta(minutes=1)) == 1
        assert Assignment.objects.get(enrolment=enrolment, step="then").status == AssignmentStatus.SCHEDULED
