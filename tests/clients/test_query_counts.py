"""Pages cost the same number of queries with one client and with many, and never more than fifteen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.domain.attending import raise_item
from clients.domain.meeting import plan_appointment
from clients.models import CareTeamMember, Client
from practice.people.models import User
from practice.vault import create_data_key
from practice.vault.keyring import forget_keys
from tests.people import NOW

MANY = 200
PAGES = {"/desk/": 15, "/desk/clients/": 15, "/desk/appointments/": 15, "/desk/clients/{client}/": 15}


def crowd(world, number):
    """Give Noor many more clients, each with an item and an appointment."""
    users = User.objects.bulk_create([User(email=f"c{n}@elm.example", name=f"Client {n}") for n in range(number)])
    with world.scope():
        shared = {"practice": world.practice, "therapist": world.therapist, "created_at": NOW}
        rows = [Client(user=user, name=user.name, sort_name=user.name, **shared) for user in users]
        clients = Client.objects.bulk_create(rows)
        team = [CareTeamMember(practice=world.practice, client=row, user=world.therapist, since=NOW) for row in clients]
        CareTeamMember.objects.bulk_create(team)
    for row in clients:
        create_data_key(practice_id=world.practice.pk, owner=("client", row.pk))
    for row in clients[:60]:
        happen(world, row)


def happen(world, client):
    """Let something ask for attention, and something lie ahead."""
    raise_item(client=client, kind="consent_withdrawn", key=str(client.pk), now=NOW)
    starts = NOW + timedelta(days=1)
    plan_appointment(client=client, therapist=world.therapist, starts_at=starts, by=world.therapist, now=NOW)


def count(browser, path):
    """How many queries a page costs when no key is kept."""
    forget_keys()
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", PAGES, ids=PAGES)
def test_page_costs_the_same_with_few_and_with_many(world, path):
    browser, address = world.as_(world.therapist), path.format(client=world.client.pk)
    happen(world, world.client)
    few = count(browser, address)
    crowd(world, MANY)
    assert count(browser, address) == few
    assert few <= PAGES[path]


def test_portal_today_stays_small(world):
    happen(world, world.client)
    assert count(world.as_(world.client), "/") <= 15
