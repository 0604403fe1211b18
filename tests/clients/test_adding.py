"""Adding a client."""

import pytest

from clients.domain.adding import CannotAdd, ClientDetails, add_client, sort_name
from clients.models import CareTeamMember, Client
from practice.vault.models import DataKey
from tests.people import NOW


def add(world, **fields):
    details = ClientDetails(**{"name": "Alex Moreau", "email": "alex@elm.example", **fields})
    return add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)


def test_client_when_added_is_on_the_therapists_caseload(world):
    client = add(world)
    with world.scope():
        assert list(CareTeamMember.objects.filter(client=client).values_list("user", flat=True)) == [world.therapist.pk]
        assert client in Client.objects.cared_for_by(world.therapist)


def test_client_when_added_has_a_key_of_their_own(world):
    client = add(world)
    assert DataKey.objects.filter(owner_kind="client", owner_id=client.pk).exists()


def test_client_when_added_cant_sign_in_yet(world):
    assert add(world).user.activated_at is None


def test_client_takes_zone_and_country_of_the_practice(world):
    client = add(world)
    assert (client.zone, client.country) == ("Europe/Berlin", "DE")


def test_client_with_the_email_of_one_here_is_refused(world):
    with pytest.raises(CannotAdd):
        add(world, email=world.client.user.email.upper())


def test_client_with_the_email_of_one_elsewhere_is_the_same_person(world):
    assert add(world, email=world.other_client.user.email).user == world.other_client.user


def test_client_without_an_email_is_added(world):
    assert add(world, email="").user.email is None


def test_name_sorts_by_its_last_word():
    assert sort_name("  Alex de la Moreau ") == "moreau alex de la"
