"""Outside a scope every read and every write raises: each hole of the library is tried."""

import asyncio

import pytest
from django.db.models import Count, F, OuterRef, Subquery

from clients.models import Appointment, CareTeamMember, Client
from practice.people.models import User
from practice.tenancy import ScopeError, every_practice, scope
from tests.people import NOW


def facts(world):
    """What an appointment needs."""
    people = {"practice": world.practice, "client": world.client, "therapist": world.therapist}
    return people | {"starts_at": NOW, "zone": "UTC", "created_at": NOW}


def a_row(world):
    """An appointment that is not saved yet."""
    return Appointment(
        practice=world.practice,
        client=world.client,
        therapist=world.therapist,
        starts_at=NOW,
        zone="UTC",
        created_at=NOW,
    )


READS = {
    "list": lambda: list(Client.objects.all()),
    "first": Client.objects.first,
    "get": lambda: Client.objects.get(pk=1),
    "count": Client.objects.count,
    "exists": Client.objects.exists,
    "exists after exclude": lambda: Client.objects.exclude(pk=0).exists(),
    "explain": lambda: Client.objects.all().explain(),
    "iterator": lambda: list(Client.objects.filter(pk__gt=0).iterator()),
    "values": lambda: list(Client.objects.values("pk")),
    "aggregate": lambda: Client.objects.aggregate(n=Count("pk")),
    "annotate": lambda: list(Client.objects.annotate(n=F("pk"))),
    "distinct": lambda: list(Client.objects.distinct()),
    "union": lambda: list(Client.objects.all().union(Client.objects.all())),
    "in_bulk": lambda: Client.objects.in_bulk([1]),
    "raw": lambda: list(Client.objects.raw("SELECT * FROM clients_client")),
    "sub-query in a filter": lambda: list(User.objects.filter(pk__in=Client.objects.values("user_id"))),
    "sub-query in an annotation": lambda: list(
        User.objects.annotate(n=Subquery(Client.objects.filter(user=OuterRef("pk")).values("pk")[:1]))
    ),
    "base manager": lambda: list(Client._base_manager.all()),
    "default manager": lambda: list(Client._default_manager.all()),
    "own method": lambda: list(Client.objects.active()),
}
WRITES = {
    "create": lambda world: Appointment.objects.create(
        practice=world.practice,
        client=world.client,
        therapist=world.therapist,
        starts_at=NOW,
        zone="UTC",
        created_at=NOW,
    ),
    "bulk_create": lambda world: Appointment.objects.bulk_create([a_row(world)]),
    "bulk_update": lambda world: Client.objects.bulk_update([world.client], ["name"]),
    "get_or_create": lambda world: CareTeamMember.objects.get_or_create(client=world.client, user=world.colleague),
    "update_or_create": lambda world: Client.objects.update_or_create(pk=world.client.pk, defaults={"name": "X"}),
    "save of a new row": lambda world: a_row(world).save(),
    "save of an old row": lambda world: world.client.save(),
    "save of one field": lambda world: world.client.save(update_fields=["name"]),
    "delete of a row": lambda world: world.client.delete(),
    "delete of many": lambda world: Client.objects.all().delete(),
    "delete without signals": lambda world: Client.objects.all()._raw_delete("default"),
    "update": lambda world: Client.objects.update(name="X"),
    "update after filter": lambda world: Client.objects.filter(pk=world.client.pk).update(name="X"),
    "refresh_from_db": lambda world: world.client.refresh_from_db(),
    "related manager": lambda world: list(world.client.appointments.all()),
    "related manager's exists": lambda world: world.client.care_team.exists(),
    "related manager's create": lambda world: world.client.care_team.create(
        practice=world.practice, user=world.colleague, since=NOW
    ),
    "prefetch": lambda world: list(Client.objects.prefetch_related("care_team")),
}
ASYNC = {
    "aexists": Client.objects.aexists,
    "acount": Client.objects.acount,
    "afirst": Client.objects.afirst,
    "aget": lambda: Client.objects.aget(pk=1),
    "async for": lambda: collect(Client.objects.all()),
    "async for after exclude": lambda: collect(Client.objects.exclude(pk=0)),
    "async for after distinct": lambda: collect(Client.objects.distinct()),
}


async def collect(rows):
    """Read asynchronously."""
    return [row async for row in rows]


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_read_outside_a_scope_raises(world, read):
    with pytest.raises(ScopeError):
        read()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_outside_a_scope_raises(world, write):
    with pytest.raises(ScopeError):
        write(world)


@pytest.mark.parametrize("read", ASYNC.values(), ids=ASYNC)
def test_asynchronous_read_outside_a_scope_raises(world, read):
    async def run():
        return await read()

    with pytest.raises(ScopeError):
        asyncio.run(run())


def test_scope_shows_the_rows_of_its_practice_alone(world):
    with world.scope():
        assert set(Client.objects.all()) == {world.client, world.second, world.stranger}
    with world.other_scope():
        assert list(Client.objects.all()) == [world.other_client]


def test_scope_of_another_practice_finds_nothing_by_id(world):
    with world.other_scope():
        assert not Client.objects.filter(pk=world.client.pk).exists()


def test_scope_of_another_practice_refuses_to_save(world):
    with world.other_scope(), pytest.raises(ScopeError):
        world.client.save()


def test_scope_of_another_practice_refuses_to_create(world):
    with world.other_scope(), pytest.raises(ScopeError):
        a_row(world).save()


def test_scope_inside_another_is_refused(world):
    with world.scope(), pytest.raises(ScopeError), scope(practice=world.other_practice):
        pass


def test_scope_ends_with_its_block(world):
    with world.scope():
        pass
    with pytest.raises(ScopeError):
        Client.objects.exists()


def test_query_made_outside_stays_closed_inside(world):
    rows = Client.objects.all()
    with world.scope(), pytest.raises(ScopeError):
        list(rows)


def test_every_practice_needs_a_reason(world):
    with pytest.raises(ScopeError), every_practice(""):
        pass


def test_every_practice_reads_all(world):
    with every_practice("a test"):
        assert Client.objects.count() == 4


def test_empty_query_outside_a_scope_is_no_leak(world):
    assert list(Client.objects.none()) == []
