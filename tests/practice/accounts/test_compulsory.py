"""Staff reach nothing without a second factor: every page, every route of the API, every socket."""

import asyncio
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from practice.people.models import User
from practice.permissions.second_factor import OPEN
from tests.messaging.sockets import Line, sign_in
from tests.people import PASSWORD, Role, make_staff, make_world
from tests.permissions import ROWS, SOCKET_ROWS

SET_UP = "/accounts/second-factor/"
STAFF = ("therapist", "lead", "admin", "superuser")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def unproven(world):
    """A browser of each of them, signed in by a password alone."""
    boss = User.objects.create_superuser("root@rapport.example", PASSWORD, name="Root")
    browsers = {}
    for who in STAFF:
        browsers[who] = Browser()
        browsers[who].force_login(boss if who == "superuser" else getattr(world, who), BACKEND)
    return browsers


def address_of(world, row):
    """The address of a row; None for those that stand before every door."""
    with transaction.atomic():
        url = reverse(row.route, kwargs=row.kwargs(deepcopy(world)))
        transaction.set_rollback(True)
    return None if url.startswith((*OPEN, "/accounts/")) else url


def refusal(response, url):
    """How an answer is a refusal, or what it is instead."""
    if url.startswith("/api/"):
        return (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    return response.status_code == 302 and response["Location"].startswith(SET_UP)


def test_every_address_is_shut_to_staff_without_a_second_factor(world, unproven):
    open_to, asked = [], 0
    for row in ROWS:
        url = address_of(world, row)
        for who, browser in unproven.items() if url else ():
            asked += 1
            kind = {"content_type": "application/json"} if row.json or row.method in {"PUT", "PATCH", "DELETE"} else {}
            if not refusal(getattr(browser, row.method.lower())(url, **kind), url):
                open_to.append(f"{row.method} {row.route} for {who}")
    assert open_to == []
    assert asked > 400


def test_set_up_pages_show_nothing_of_the_house(unproven):
    for path in (SET_UP, "/accounts/security/", "/accounts/security/app/", "/accounts/security/confirm/"):
        page = unproven["therapist"].get(path)
        assert page.status_code == 200
        assert "desk_nav" not in page.context or page.context["desk_nav"] == []


def test_clients_need_none(world):
    browser = Browser()
    browser.force_login(world.client.user, BACKEND)
    assert browser.get("/").status_code == 200


def test_therapist_who_is_a_client_elsewhere_is_staff_at_every_door(world, unproven):
    with world.other_scope():
        world.other_client.user = world.therapist
        world.other_client.save()
    assert unproven["therapist"].get("/")["Location"].startswith(SET_UP)


def test_client_who_becomes_staff_meanwhile_finds_no_desk(world):
    browser = Browser()
    browser.force_login(world.client.user, BACKEND)
    make_staff(world.practice, "Sam Dorn", Role.THERAPIST, email=world.client.user.email)
    assert browser.get("/desk/")["Location"].startswith("/accounts/")


@pytest.mark.parametrize(("demo_setting", "is_demo", "open_"), [(1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 0)])
def test_only_the_demo_of_a_demo_goes_without(world, unproven, settings, demo_setting, is_demo, open_):
    settings.DEMO = bool(demo_setting)
    world.practice.is_demo = bool(is_demo)
    world.practice.save()
    for path in ("/desk/", "/api/v1/attention/"):
        answer = unproven["therapist"].get(path).status_code
        assert (answer in {200, 404}) is bool(open_)


def test_superuser_needs_one_even_on_a_demo(world, unproven):
    world.practice.is_demo = True
    world.practice.save()
    assert unproven["superuser"].get("/admin/")["Location"].startswith(SET_UP)


@pytest.mark.parametrize("row", SOCKET_ROWS, ids=lambda row: row.route)
def test_every_socket_is_shut_to_staff_without_a_second_factor(transactional_db, row):
    world = make_world()
    path, session = row.path(world), sign_in(world.therapist, proven=False)

    async def knock():
        line = Line(path, session)
        await line.open()
        return await line.ended()

    assert asyncio.run(knock()) == 4401
