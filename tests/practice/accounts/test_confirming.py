"""Proving anew that it is really you, before second factors are changed."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.cache import cache

from practice.accounts.confirming import CONFIRMED, MAILED
from practice.notifications.models import Notification
from practice.permissions.second_factor import PROVEN
from tests.people import PASSWORD, code_of, give_app

ASK = "/accounts/security/confirm/?next=/accounts/security/app/"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def stale(world, who, **marks):
    """A browser in which this person signed in a while ago."""
    browser = world.as_(who)
    session = browser.session
    session[CONFIRMED] -= timedelta(minutes=11).total_seconds()
    session.update(marks)
    session.save()
    return browser


def no_password(world):
    """Let the client sign in by mailed link alone."""
    world.client.user.set_unusable_password()
    world.client.user.save()


def mailed_code(world):
    """The code in the newest mail to the client."""
    with world.scope():
        row = Notification.objects.filter(user=world.client.user, payload__isnull=False).latest("pk")
    return re.search(r"\b(\d{6})\b", json.loads(row.payload)["text"])[1]


@pytest.mark.parametrize("path", ["/accounts/security/app/", "/accounts/security/codes/"])
def test_who_signed_in_a_while_ago_is_asked_again(world, path):
    give_app(world.therapist)
    answer = stale(world, world.therapist).get(path)
    assert answer["Location"].startswith("/accounts/security/confirm/?next=")


def test_post_is_asked_too_and_changes_nothing(world):
    give_app(world.client.user)
    browser = stale(world, world.client)
    assert browser.post("/accounts/security/app/remove/")["Location"].startswith("/accounts/security/confirm/")
    assert browser.get("/accounts/security/").context["factors"].app is not None


def test_password_opens_for_who_has_no_second_factor(world):
    browser = stale(world, world.client)
    assert browser.post(ASK, {"password": "wrong"}).status_code == 200
    assert browser.post(ASK, {"password": PASSWORD})["Location"] == "/accounts/security/app/"
    assert browser.get("/accounts/security/app/").status_code == 200


def test_password_is_not_enough_for_who_has_a_second_factor(world):
    secret = give_app(world.therapist)
    browser = stale(world, world.therapist)
    assert browser.post(ASK, {"password": PASSWORD}).status_code == 200
    assert browser.get("/accounts/security/app/").status_code == 302
    assert browser.post(ASK, {"code": code_of(secret)})["Location"] == "/accounts/security/app/"


def test_session_from_before_the_second_factor_must_show_it(world):
    secret = give_app(world.therapist)
    browser = world.as_(world.therapist)
    session = browser.session
    session[PROVEN] = False
    session.save()
    assert browser.get("/accounts/security/app/").status_code == 302
    way = browser.get(browser.get("/desk/")["Location"])["Location"]
    assert browser.post(way, {"code": code_of(secret)})["Location"] == "/desk/"
    assert browser.get("/desk/").status_code == 200


def test_way_on_keeps_all_of_its_address(world):
    give_app(world.therapist)
    browser = world.as_(world.therapist)
    session = browser.session
    session[PROVEN] = False
    session.save()
    there = "/desk/clients/?view=look&page=2"
    way = browser.get(f"/accounts/second-factor/?{urlencode({'next': there})}")["Location"]
    assert parse_qs(urlsplit(way).query) == {"next": [there]}


def test_client_without_password_is_mailed_a_fresh_code(world):
    no_password(world)
    browser = stale(world, world.client)
    assert browser.get("/accounts/security/app/").status_code == 302
    browser.post(ASK, {"mail": "1"})
    code = mailed_code(world)
    assert code not in json.dumps(browser.session[MAILED])
    assert browser.post(ASK, {"code": "x"}).status_code == 200
    assert browser.post(ASK, {"code": code})["Location"] == "/accounts/security/app/"
    assert browser.get("/accounts/security/app/").status_code == 200


def test_fifth_wrong_code_ends_it(world):
    no_password(world)
    browser = stale(world, world.client)
    browser.post(ASK, {"mail": "1"})
    code = mailed_code(world)
    for _ in range(5):
        browser.post(ASK, {"code": "x"})
    assert browser.post(ASK, {"code": code}).status_code == 200


def test_tries_that_overtake_each_other_are_counted_all_the_same(world):
    """Each of them finds the session as it was before the others: its counter says none."""
    no_password(world)
    browser = stale(world, world.client)
    browser.post(ASK, {"mail": "1"})
    code, mailed = mailed_code(world), browser.session[MAILED]
    for _ in range(10):
        browser.post(ASK, {"code": "x"})
        session = browser.session
        session[MAILED] = mailed
        session.save()
    assert browser.post(ASK, {"code": code}).status_code == 200
    assert browser.get("/accounts/security/app/").status_code == 302


def test_mailed_code_of_another_browser_does_nothing(world):
    no_password(world)
    one, other = stale(world, world.client), stale(world, world.client)
    one.post(ASK, {"mail": "1"})
    other.post(ASK, {"code": mailed_code(world)})
    assert other.get("/accounts/security/app/").status_code == 302


def test_staff_are_never_mailed_a_code(world):
    world.therapist.set_unusable_password()
    world.therapist.save()
    browser = stale(world, world.therapist)
    browser.post(ASK, {"mail": "1"})
    assert MAILED not in browser.session
    assert browser.get(ASK).context["ways"] == []


def test_sixth_mail_has_to_wait(world):
    no_password(world)
    browser = stale(world, world.client)
    assert [browser.post(ASK, {"mail": "1"}).status_code for _ in range(6)] == [302] * 5 + [429]
