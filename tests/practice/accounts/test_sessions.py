"""How long a session lives."""

from datetime import timedelta

import pytest

from practice.accounts.sessions import BEGAN, OWN_DEVICE, SEEN, STAFF, is_over
from tests.people import NOW, PASSWORD

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_session(*, began, seen, staff=False, own=False):
    """What a session knows."""
    moments = {BEGAN: (NOW - began).timestamp(), SEEN: (NOW - seen).timestamp()}
    return moments | {STAFF: staff, OWN_DEVICE: own}


CASES = {
    "staff, a moment ago": (a_session(began=HOUR, seen=HOUR / 60, staff=True), False),
    "staff, away for half an hour": (a_session(began=HOUR, seen=HOUR * 0.51, staff=True), True),
    "staff, after twelve hours": (a_session(began=HOUR * 12.1, seen=HOUR / 60, staff=True), True),
    "staff, on a device of their own": (a_session(began=DAY, seen=HOUR, staff=True, own=True), True),
    "client, away for half an hour": (a_session(began=HOUR, seen=HOUR * 0.51), True),
    "client, all day long": (a_session(began=DAY, seen=HOUR / 60), False),
    "client, own device, after 29 days": (a_session(began=DAY * 40, seen=DAY * 29, own=True), False),
    "client, own device, after 31 days": (a_session(began=DAY * 40, seen=DAY * 31, own=True), True),
    "client, own device, after half a year": (a_session(began=DAY * 181, seen=DAY, own=True), True),
}


@pytest.mark.parametrize(("session", "over"), CASES.values(), ids=CASES)
def test_session_is_over(session, over):
    assert is_over(session, NOW) is over


def test_session_that_was_idle_is_signed_out(world, client):
    client.post("/accounts/login/", {"login": world.therapist.email, "password": PASSWORD})
    session = client.session
    session[SEEN] -= 31 * 60
    session.save()
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def test_own_device_keeps_the_cookie_for_thirty_days(world, client):
    login = {"login": world.client.user.email, "password": PASSWORD, "own_device": "on"}
    client.post("/accounts/login/", login)
    assert client.cookies["sessionid"]["max-age"] == pytest.approx(30 * 24 * 3600, abs=2)


def test_other_device_forgets_at_the_end_of_the_day(world, client):
    client.post("/accounts/login/", {"login": world.client.user.email, "password": PASSWORD})
    assert client.cookies["sessionid"]["max-age"] == ""


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"X-Live": "1"}])
def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(world, headers):
    client = world.as_(world.therapist)
    session = client.session
    session[SEEN] = seen = session[SEEN] - 20 * 60
    session.save()
    client.get("/desk/attention/", headers=headers)
    assert client.session[SEEN] == seen
    client.get("/desk/")
    assert client.session[SEEN] > seen
