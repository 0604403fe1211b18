"""Every page of the room answers, with something on it and without."""

import pytest

from clients.domain.attending import raise_item
from clients.domain.meeting import plan_appointment
from tests.people import NOW

DESK = (
    "/desk/",
    "/desk/attention/",
    "/desk/clients/",
    "/desk/clients/?view=look&sort=-next&search=sam",
    "/desk/clients/?view=nowhere&sort=nothing&page=-3",
    "/desk/clients/new/",
    "/desk/clients/{client}/",
    "/desk/clients/{client}/record/",
    "/desk/clients/{client}/edit/",
    "/desk/clients/{client}/appointments/",
    "/desk/appointments/",
    "/desk/appointments/?from=nonsense",
    "/desk/appointments/{appointment}/",
    "/desk/me/",
)
PORTAL = ("/", "/me/", "/appointments/", "/welcome/", "/me/consents/treatment/")
DOORS = ("/accounts/login/", "/accounts/link/")


@pytest.mark.parametrize("path", DESK)
def test_desk_page_answers(world, path):
    planned = plan_appointment(
        client=world.client, therapist=world.therapist, starts_at=NOW, by=world.therapist, now=NOW
    )
    raise_item(client=world.client, kind="help_asked", key="1", now=NOW)
    address = path.format(client=world.client.pk, appointment=planned.pk)
    assert world.as_(world.therapist).get(address).status_code == 200


@pytest.mark.parametrize("path", PORTAL)
def test_portal_page_answers(world, path):
    assert world.as_(world.client).get(path).status_code == 200


@pytest.mark.parametrize("path", DOORS)
def test_door_answers(db, client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/accounts/link/abc/", "/invitation/abc/"])
def test_link_that_nobody_made_says_so_calmly(db, client, path):
    assert client.get(path).status_code == 410
