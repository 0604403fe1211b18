"""One address in two practices, and a therapist who is somebody's client: one person, and each door shows its own."""

import pytest

from clients.domain.adding import ClientDetails, add_client
from practice.permissions.seats import DESK, PORTAL, find_seat
from tests.people import NOW, make_ready

pytestmark = pytest.mark.django_db


def added_at_oak(world, email, name):
    details = ClientDetails(name=name, email=email, zone="Europe/London")
    client = add_client(
        practice=world.other_practice, details=details, therapist=world.outsider, by=world.outsider, now=NOW
    )
    make_ready(client)
    return client


def test_the_same_address_in_two_practices_is_one_person_with_two_records(world):
    there = added_at_oak(world, world.client.user.email.upper(), "Sam Dorn")
    assert there.user == world.client.user
    assert (there.practice, world.client.practice) == (world.other_practice, world.practice)


@pytest.mark.parametrize("place", ["practice", "other_practice"])
def test_each_practice_shows_only_its_own_record(world, place):
    added_at_oak(world, world.client.user.email, "Sam Dorn")
    wanted = getattr(world, place)
    seat = find_seat(user=world.client.user, door=PORTAL, wanted=wanted.pk)
    assert seat is not None
    assert seat.practice == wanted


def test_a_client_of_two_practices_cannot_reach_one_from_the_others_desk(world):
    there = added_at_oak(world, world.client.user.email, "Sam Dorn")
    assert world.as_(world.therapist).get(f"/desk/clients/{there.pk}/").status_code == 404
    assert world.as_(world.outsider).get(f"/desk/clients/{world.client.pk}/").status_code == 404


def test_a_therapist_who_is_a_client_elsewhere_keeps_both_doors_apart(world):
    own = added_at_oak(world, world.therapist.email, "Noor Haddad")
    desk = find_seat(user=world.therapist, door=DESK, wanted=None)
    portal = find_seat(user=world.therapist, door=PORTAL, wanted=None)
    assert (desk.practice, portal.practice) == (world.practice, world.other_practice)
    browser = world.as_(own.user)
    assert browser.get("/desk/").status_code == 200
    assert browser.get("/me/").status_code == 200
    assert browser.get(f"/desk/clients/{own.pk}/").status_code == 404
