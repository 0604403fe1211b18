"""What a person wrote is sealed: by whose key, in which place, and that it can be made unreadable."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from clients.models import Client
from practice.vault import CannotOpen, create_data_key, destroy_data_key, open_sealed, seal, warm
from practice.vault.keyring import forget_keys
from practice.vault.models import DataKey, PracticeKey

SECRET = "Ünïcode 🌱 and a \x00 and a lone \ud800"


@pytest.fixture
def owner(world):
    """An owner with a key."""
    return ("client", world.client.pk)


def column_of(client):
    """What the column really holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT context FROM clients_client WHERE id = %s", [client.pk])
        return bytes(cursor.fetchone()[0])


def test_sealed_text_opens_again(owner):
    assert open_sealed(owner, "here", seal(owner, "here", SECRET)) == SECRET


def test_sealed_text_differs_each_time(owner):
    assert seal(owner, "here", "same") != seal(owner, "here", "same")


def test_sealed_text_is_bound_to_its_place(owner):
    with pytest.raises(CannotOpen):
        open_sealed(owner, "there", seal(owner, "here", "secret"))


def test_sealed_text_does_not_open_with_anothers_key(world, owner):
    with pytest.raises(CannotOpen):
        open_sealed(("client", world.second.pk), "here", seal(owner, "here", "secret"))


def test_sealed_text_that_was_tampered_with_does_not_open(owner):
    sealed = bytearray(seal(owner, "here", "secret"))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        open_sealed(owner, "here", bytes(sealed))


def test_destroyed_key_makes_the_text_unreadable(owner):
    sealed = seal(owner, "here", "secret")
    destroy_data_key(owner)
    with pytest.raises(CannotOpen):
        open_sealed(owner, "here", sealed)


def test_key_of_another_environment_opens_nothing(owner, settings):
    sealed = seal(owner, "here", "secret")
    forget_keys()
    settings.VAULT_KEYS = {"other": b"0" * 32}
    with pytest.raises(CannotOpen):
        open_sealed(owner, "here", sealed)
    forget_keys()


def test_environment_key_with_the_right_name_and_wrong_bytes_opens_nothing(owner, settings):
    sealed = seal(owner, "here", "secret")
    forget_keys()
    settings.VAULT_KEYS = dict.fromkeys(settings.VAULT_KEYS, b"0" * 32)
    with pytest.raises(CannotOpen):
        open_sealed(owner, "here", sealed)
    forget_keys()


def test_warm_fetches_many_keys_in_one_query(world, django_assert_num_queries):
    clients = [world.client, world.second, world.stranger]
    forget_keys()
    warm([("client", world.client.pk)])  # brings the practice's key, too
    with django_assert_num_queries(1):
        warm([("client", client.pk) for client in clients])
    with django_assert_num_queries(0):
        for client in clients:
            seal(("client", client.pk), "here", "x")


def test_keys_are_stored_wrapped(world):
    rows = [*DataKey.objects.all(), *PracticeKey.objects.all()]
    assert rows
    assert all(len(bytes(row.wrapped)) == 1 + 12 + 32 + 16 for row in rows)


def test_owner_has_one_key(world, owner):
    with pytest.raises(Exception, match="one_data_key_per_owner"):
        create_data_key(practice_id=world.practice.pk, owner=owner)


def test_sealed_field_reads_as_it_was_written(world):
    with world.scope():
        world.client.context = "grew up on a boat"
        world.client.save()
        assert Client.objects.get(pk=world.client.pk).context == "grew up on a boat"


def test_sealed_field_holds_no_plain_text(world):
    with world.scope():
        world.client.context = "grew up on a boat"
        world.client.save()
    assert b"boat" not in column_of(world.client)


def test_sealed_column_moved_to_another_row_does_not_open(world):
    with world.scope():
        world.client.context = "grew up on a boat"
        world.client.save()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE clients_client SET context = (SELECT context FROM clients_client WHERE id = %s) WHERE id = %s",
                [world.client.pk, world.second.pk],
            )
        moved = Client.objects.get(pk=world.second.pk)
        with pytest.raises(CannotOpen):
            _ = moved.context


def test_sealed_field_is_not_searched(world):
    with world.scope(), pytest.raises(FieldError):
        list(Client.objects.filter(context="boat"))


def test_sealed_field_is_not_set_by_update(world):
    with world.scope(), pytest.raises(FieldError):
        Client.objects.update(context="boat")


def test_saving_other_fields_leaves_the_sealed_one(world):
    with world.scope():
        world.client.context = "grew up on a boat"
        world.client.save()
        fresh = Client.objects.get(pk=world.client.pk)
        fresh.name = "Sam Other"
        fresh.save()
        assert Client.objects.get(pk=world.client.pk).context == "grew up on a boat"
