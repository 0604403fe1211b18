"""A forgotten password; and what a clock tells about addresses."""

import json
import re
import statistics
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from practice.accounts import evening
from practice.accounts.second_factors import factors_of
from practice.accounts.sessions import SEEN
from practice.notifications.models import Notification
from tests.people import PASSWORD, give_app

NEW = "a small boat at sea"
UNKNOWN = "nobody@nowhere.example"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def texts(world, user):
    """What waits to be mailed to this user, newest first."""
    with world.scope():
        rows = Notification.objects.filter(user=user, payload__isnull=False).order_by("-pk")
        return [json.loads(row.payload)["text"] for row in rows]


def link(world, user):
    """The path of the link in the newest mail."""
    return re.search(r"(/accounts/password/\S+)", texts(world, user)[0])[1]


def choose(client, path, password=NEW):
    """Choose a new password."""
    return client.post(path, {"password1": password, "password2": password})


def test_new_password_by_a_mailed_link_ends_every_session(world, client):
    elsewhere = world.as_(world.client)
    client.post("/accounts/password/", {"email": world.client.user.email})
    assert choose(client, link(world, world.client.user))["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/")["Location"].startswith("/accounts/login/")
    answer = client.post("/accounts/login/", {"login": world.client.user.email, "password": NEW})
    assert answer["Location"] == "/"
    assert "Your password was set or changed." in texts(world, world.client.user)[0]


def test_new_password_in_a_browser_that_is_signed_in_signs_out_there_too(world):
    """Its sign-in was used a while ago, so that this use is written down, and ends in the midst of the request."""
    browser = Browser()
    browser.post("/accounts/login/", {"login": world.client.user.email, "password": PASSWORD})
    browser.post("/accounts/password/", {"email": world.client.user.email})
    kept = browser.session
    kept[SEEN] -= 5 * 60
    kept.save()
    assert choose(browser, link(world, world.client.user))["Location"] == "/accounts/login/"
    assert "Your password is changed" in browser.get("/accounts/login/").content.decode()


def test_second_factor_is_asked_for_as_ever(world, client):
    give_app(world.therapist)
    client.post("/accounts/password/", {"email": world.therapist.email})
    choose(client, link(world, world.therapist))
    answer = client.post("/accounts/login/", {"login": world.therapist.email, "password": NEW})
    assert answer["Location"] == "/accounts/login/second-factor/"


def test_link_works_once_and_not_after_half_an_hour(world, client, settings):
    client.post("/accounts/password/", {"email": world.client.user.email})
    path = link(world, world.client.user)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert choose(client, path).status_code == 410
    settings.PASSWORD_RESET_TIMEOUT = timedelta(minutes=30).total_seconds()
    choose(client, path)
    assert choose(client, path).status_code == 410


@pytest.mark.parametrize("path", ["x/y", "MQ/abc-def", "////", "LTE/1-2", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/1-2"])
def test_link_that_never_was_is_over(client, path):
    assert client.get(f"/accounts/password/{path}/").status_code in {404, 410}


def test_weak_one_is_refused(world, client):
    client.post("/accounts/password/", {"email": world.client.user.email})
    assert choose(client, link(world, world.client.user), "password1234").status_code == 200


def test_unknown_address_and_who_has_no_password_get_the_same_answer_and_no_mail(world, client):
    world.second.user.set_unusable_password()
    world.second.user.save()
    addresses = (world.client.user.email, world.second.user.email, UNKNOWN)
    answers = [client.post("/accounts/password/", {"email": address}) for address in addresses]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/password/sent/")}
    assert texts(world, world.second.user) == []


def test_sixth_request_for_one_address_has_to_wait(world, client, monkeypatch):
    monkeypatch.setattr(evening, "FLOOR_SECONDS", 0.0)
    answers = [client.post("/accounts/password/", {"email": UNKNOWN}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_reset_of_second_factors_by_the_operator(world, capsys):
    give_app(world.therapist)
    browser = world.as_(world.therapist)
    call_command("reset_second_factor", world.therapist.email.upper())
    assert not factors_of(world.therapist).any
    assert browser.get("/desk/")["Location"].startswith("/accounts/login/")
    assert [text for text in texts(world, world.therapist) if "removed for you" in text]
    assert "signed out on 1" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("reset_second_factor", UNKNOWN)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", ["login", "link", "code", "password"])
def test_clock_does_not_tell_who_is_a_client_here(world, settings, monkeypatch, page):
    monkeypatch.setattr(evening, "FLOOR_SECONDS", 0.2)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    world.client.user.set_password(PASSWORD)
    world.client.user.save()

    def seconds(address):
        cache.clear()
        browser = Browser()
        if page == "code":
            browser.post("/accounts/link/", {"email": address})
        began = time.perf_counter()
        if page == "login":
            browser.post("/accounts/login/", {"login": address, "password": "not the password"})
        elif page == "code":
            browser.post("/accounts/link/sent/", {"code": "000000"})
        else:
            browser.post(f"/accounts/{page}/", {"email": address})
        return time.perf_counter() - began

    tries = [(seconds(world.client.user.email), seconds(UNKNOWN)) for _ in range(50)]
    known, unknown = (statistics.median(column) for column in zip(*tries, strict=True))
    print(f"{page}: known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms, ratio {known / unknown:.3f}")
    assert 0.9 < known / unknown < 1.1
