"""What is said when signing in fails is ours, and says what to do."""

import html

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.cache import cache

from practice.accounts.confirming import CONFIRMED
from practice.accounts.wording import ACCOUNT, PASSKEY_FAILED, SECOND_FACTOR
from tests.people import PASSWORD, code_of, give_app

LOGIN, STEP, CONFIRM = "/accounts/login/", "/accounts/login/second-factor/", "/accounts/security/confirm/"
LIBRARYS = (DefaultAccountAdapter, DefaultMFAAdapter)
THEIRS = {str(words) for adapter in LIBRARYS for words in adapter.error_messages.values()}


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def said(answer):
    """The page as it is read. Nothing on it is the library's."""
    page = html.unescape(answer.content.decode())
    assert [words for words in THEIRS if words in page] == []
    return page


def test_wrong_password_or_name_says_what_to_do(world, client):
    for login in (world.therapist.email, "nobody@nowhere.example", "nobody-1234"):
        assert str(ACCOUNT["email_password_mismatch"]) in said(client.post(LOGIN, {"login": login, "password": "x"}))


def test_too_many_tries_say_how_long_to_wait(world, client):
    answers = [client.post(LOGIN, {"login": world.therapist.email, "password": "x"}) for _ in range(6)]
    assert "Wait five minutes" in said(answers[-1])


def test_wrong_code_after_the_password_says_what_to_do(world, client):
    secret = give_app(world.therapist)
    client.post(LOGIN, {"login": world.therapist.email, "password": PASSWORD})
    assert str(SECOND_FACTOR["incorrect_code"]) in said(client.post(STEP, {"code": "000000"}))
    for _ in range(5):
        last = client.post(STEP, {"code": "000000"})
    assert "Wait five minutes" in said(last)
    assert "Wait five minutes" in said(client.post(STEP, {"code": code_of(secret)}))


def test_wrong_code_and_passkey_when_asked_again_say_what_to_do(world):
    give_app(world.therapist)
    browser = world.as_(world.therapist)
    session = browser.session
    session[CONFIRMED] -= 3600
    session.save()
    assert str(SECOND_FACTOR["incorrect_code"]) in said(browser.post(CONFIRM, {"code": "000000"}))


def test_passkey_that_is_none_says_what_to_do(world):
    given = {"name": "Mine", "credential": '{"id": 1}'}
    answer = world.as_(world.client).post("/accounts/security/passkeys/add/", given)
    assert str(PASSKEY_FAILED) in said(answer)


def test_codes_are_the_librarys(world):
    assert ACCOUNT.keys() <= DefaultAccountAdapter.error_messages.keys()
    assert SECOND_FACTOR.keys() <= DefaultMFAAdapter.error_messages.keys()
