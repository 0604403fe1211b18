"""Every test starts from its own database as it was, also in a process in which a browser is open."""

import pytest
from django.db import connection

from practice.people.models import Practice
from tests.people import World

pytestmark = pytest.mark.xdist_group("faults")  # in this order, in one process


def make() -> None:
    assert connection.in_atomic_block
    assert not Practice.objects.exists()
    Practice.objects.create(name="Left behind", country="DE", zone="UTC")


@pytest.mark.django_db
def test_before_a_browser():
    make()


def test_with_a_browser_and_a_database_of_its_own(live_database, new_context):
    assert not Practice.objects.exists()
    Practice.objects.create(name="Left behind", country="DE", zone="UTC")
    new_context().new_page()


@pytest.mark.django_db
def test_after_a_browser():
    make()


def test_among_people(world: World):
    assert connection.in_atomic_block
    assert Practice.objects.count() == 2
