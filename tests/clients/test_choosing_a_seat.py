"""Where someone with several places sits: chosen, kept by each page, and found by a deep link; never leaking."""

import pytest

from clients.domain.adding import ClientDetails, add_client
from clients.domain.teaming import join_team
from clients.models import Client
from practice.accounts.founding import take_on
from practice.people.models import Role
from practice.permissions.seats import DESK, PORTAL, places_of
from tests.people import NOW, PASSWORD, make_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor(world):
    """Noor works in both practices, and is on the team of Uma in the other."""
    take_on(practice=world.other_practice, email=world.therapist.email, name="N", roles=[Role.THERAPIST], now=NOW)
    with world.other_scope():
        join_team(client=world.other_client, user=world.therapist, by=world.outsider, now=NOW)
    return world.therapist


@pytest.fixture
def sam(world):
    """Sam is a client of both practices."""
    details = ClientDetails(name="Sam Dorn", email=world.client.user.email, zone="Europe/London")
    there = add_client(
        practice=world.other_practice, details=details, therapist=world.outsider, by=world.outsider, now=NOW
    )
    there.user.refresh_from_db()
    make_ready(there)
    return there.user


def practice_of(browser):
    """Where the session sits."""
    return browser.session["practice"]


def test_who_has_one_place_is_never_asked(world, client):
    answer = client.post("/accounts/login/", {"login": world.client.user.email, "password": PASSWORD})
    assert answer["Location"] == "/"
    assert "Change place" not in client.get("/").content.decode()


def test_who_has_two_places_chooses_after_signing_in(world, noor, client):
    answer = client.post("/accounts/login/", {"login": noor.email, "password": PASSWORD})
    assert answer["Location"] == "/seats/"
    browser = world.as_(noor)
    page = browser.get("/seats/").content.decode()
    assert "Elm House" in page
    assert "Oak House" in page
    browser.post("/seats/", {"practice": world.other_practice.pk, "door": "desk"})
    assert "Oak House" in browser.get("/desk/").content.decode()


def test_seat_of_another_can_not_be_taken(world, noor):
    browser = world.as_(noor)
    browser.get("/desk/")
    for wrong in ({"practice": world.other_practice.pk, "door": "portal"}, {"practice": "x", "door": "desk"}):
        assert browser.post("/seats/", wrong)["Location"] == "/seats/"
        assert practice_of(browser) == world.practice.pk


def test_deep_link_switches_to_the_practice_of_what_it_names(world, noor):
    browser = world.as_(noor)
    browser.get("/desk/")
    assert practice_of(browser) == world.practice.pk
    assert browser.get(f"/desk/clients/{world.other_client.pk}/").status_code == 200
    assert practice_of(browser) == world.other_practice.pk
    assert browser.get(f"/desk/clients/{world.client.pk}/").status_code == 200


def test_deep_link_to_what_is_nobodys_or_forbidden_looks_alike_and_moves_nobody(world, noor):
    browser = world.as_(noor)
    browser.get("/desk/")
    answers = [browser.get(f"/desk/clients/{pk}/") for pk in (world.stranger.pk, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert practice_of(browser) == world.practice.pk


def test_page_of_the_practice_left_behind_still_posts_there(world, noor):
    browser = world.as_(noor)
    browser.get(f"/desk/clients/{world.other_client.pk}/")
    words = {"name": "Neo", "language": "en", "country": "DE", "zone": "Europe/Berlin", "therapist": noor.pk}
    browser.post("/desk/clients/new/", words | {"seat": world.practice.pk})
    with world.scope():
        assert Client.objects.filter(name="Neo").exists()


@pytest.mark.parametrize("said", ["other", "0", "-1", "x", "9" * 40])
def test_forged_practice_opens_nothing(world, sam, said):
    browser = world.as_(sam)
    number = world.other_practice.pk + 10_000 if said == "other" else said
    assert browser.get("/me/", headers={"X-Seat": str(number)}).status_code == 404
    assert browser.post("/help/tell/", {"seat": number}).status_code == 404


def test_page_that_asks_by_itself_stays_where_it_is_and_moves_nobody(world, sam):
    browser = world.as_(sam)
    browser.get("/me/")
    here = practice_of(browser)
    assert here == world.practice.pk
    page = browser.get("/me/", headers={"X-Seat": str(world.other_practice.pk), "X-Live": "1"}).content.decode()
    assert "Omar Said" in page
    assert "Noor Haddad" not in page
    assert practice_of(browser) == here


def test_client_session_opens_no_desk_that_came_later(world):
    browser = world.as_(world.client)
    assert browser.get("/me/").status_code == 200
    take_on(practice=world.practice, email=world.client.user.email, name="S", roles=[Role.THERAPIST], now=NOW)
    assert browser.get("/desk/")["Location"].startswith("/accounts/login/")


def test_places_are_ones_own_and_cost_three_queries_at_most(world, noor, sam, django_assert_num_queries):
    with django_assert_num_queries(2):
        places = places_of(noor)
    with django_assert_num_queries(3):
        assert [place.door for place in places_of(sam)] == [PORTAL, PORTAL]
    assert [(place.practice.name, place.door) for place in places] == [("Elm House", DESK), ("Oak House", DESK)]
