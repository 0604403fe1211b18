"""Signing in: by password, by link, by code; who may; what nobody can find out."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache

from practice.accounts.linking import CannotSignIn, find_link, request_link, use_code, use_link
from practice.accounts.models import SignInLink
from practice.notifications.models import Notification
from tests.people import NOW, PASSWORD, make_client

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def mails_to(world, user):
    """The payloads of the mails that wait for this user, newest first."""
    with world.scope():
        rows = Notification.objects.filter(user=user, payload__isnull=False).order_by("-pk")
        return [json.loads(row.payload) for row in rows]


def link_in(mail):
    """The path of the link in a mail."""
    return re.search(r"(/accounts/link/[^/\s]+/)", mail["text"])[1]


def code_in(mail):
    """The code in a mail."""
    return re.search(r"\b(\d{6})\b", mail["text"])[1]


def sign_in(client, email, password=PASSWORD, **more):
    """Post the sign-in page."""
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def test_therapist_with_a_password_lands_at_the_desk(world, client):
    assert sign_in(client, world.therapist.email)["Location"] == "/desk/"


def test_client_with_a_password_lands_in_the_portal(world, client):
    assert sign_in(client, world.client.user.email)["Location"] == "/"


def test_email_is_read_without_case(world, client):
    assert sign_in(client, world.therapist.email.upper())["Location"] == "/desk/"


def test_wrong_password_and_unknown_address_are_told_the_same(world, client):
    wrong = sign_in(client, world.therapist.email, "not the password")
    unknown = sign_in(client, "nobody@nowhere.example", "not the password")
    assert list(wrong.context["form"].errors.values()) == list(unknown.context["form"].errors.values())
    assert (wrong.status_code, unknown.status_code) == (200, 200)


def test_invited_client_who_has_not_accepted_is_told_the_same(world, client):
    invited = make_client(world.practice, "Ivy New", world.therapist, ready=False)
    invited.user.set_password(PASSWORD)
    invited.user.save()
    refused = sign_in(client, invited.user.email)
    unknown = sign_in(client, "nobody@nowhere.example")
    assert list(refused.context["form"].errors.values()) == list(unknown.context["form"].errors.values())
    assert "_auth_user_id" not in client.session


def test_sixth_wrong_password_is_refused_even_with_the_right_one(world, client):
    for _ in range(5):
        sign_in(client, world.therapist.email, "not the password")
    sign_in(client, world.therapist.email)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "next_path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_only_to_ourselves(world, client, next_path):
    assert sign_in(client, world.therapist.email, next=next_path)["Location"] == "/desk/"


def test_next_of_our_own_is_followed(world, client):
    assert sign_in(client, world.therapist.email, next="/desk/clients/")["Location"] == "/desk/clients/"


def test_session_has_a_new_key_after_signing_in(world, client):
    client.get("/accounts/link/")
    client.post("/accounts/link/", {"email": "nobody@nowhere.example"})
    before = client.session.session_key
    sign_in(client, world.therapist.email)
    assert client.session.session_key != before


def test_link_signs_in_at_the_press_of_its_button(world, client):
    client.post("/accounts/link/", {"email": world.client.user.email})
    path = link_in(mails_to(world, world.client.user)[0])
    assert client.post(path)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(world.client.user.pk)


def test_link_opened_by_a_mail_scanner_changes_nothing(world, client):
    client.post("/accounts/link/", {"email": world.client.user.email})
    path = link_in(mails_to(world, world.client.user)[0])
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert SignInLink.objects.get().used_at is None


def test_link_works_once(world, client):
    client.post("/accounts/link/", {"email": world.client.user.email})
    path = link_in(mails_to(world, world.client.user)[0])
    client.post(path)
    client.logout()
    assert client.post(path).status_code == 410


def test_link_goes_on_to_where_its_reader_was_going(world, client):
    client.post("/accounts/link/", {"email": world.client.user.email, "next": "/appointments/"})
    assert client.post(link_in(mails_to(world, world.client.user)[0]))["Location"] == "/appointments/"


def test_code_of_the_same_mail_signs_in_where_it_was_asked_for(world, client):
    client.post("/accounts/link/", {"email": world.client.user.email})
    code = code_in(mails_to(world, world.client.user)[0])
    assert client.post("/accounts/link/sent/", {"code": code})["Location"] == "/"


def test_code_does_nothing_in_another_browser(world, client):
    client.post("/accounts/link/", {"email": world.client.user.email})
    code = code_in(mails_to(world, world.client.user)[0])
    other = type(client)()
    assert other.post("/accounts/link/sent/", {"code": code})["Location"] == "/accounts/link/"


def test_unknown_address_gets_the_same_answer_and_no_mail(world, client):
    known = client.post("/accounts/link/", {"email": world.client.user.email})
    unknown = client.post("/accounts/link/", {"email": "nobody@nowhere.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert client.post("/accounts/link/sent/", {"code": "123456"}).status_code == 200


@pytest.mark.parametrize("tries", [1, 5, 10])
def test_codes_tried_tell_nobody_which_addresses_are_known(world, client, tries):
    answers = []
    for email in (world.client.user.email, "nobody@nowhere.example"):
        browser = type(client)()
        said = []
        for _ in range(2):
            said.append(browser.post("/accounts/link/", {"email": email}).status_code)
            said += [browser.post("/accounts/link/sent/", {"code": "000000"}).status_code for _ in range(tries)]
        answers.append(said)
    assert answers[0] == answers[1]


def test_codes_are_answered_in_the_same_time(world, client, monkeypatch):
    slept = []
    monkeypatch.setattr("practice.accounts.evening.time.sleep", slept.append)
    client.post("/accounts/link/", {"email": world.client.user.email})
    client.post("/accounts/link/sent/", {"code": "000000"})
    assert len(slept) == 2


def test_address_that_nobody_has_proven_opens_nothing_by_mail(world, client):
    world.client.user.email_proven_at = None
    world.client.user.save()
    client.post("/accounts/link/", {"email": world.client.user.email})
    client.post("/accounts/password/", {"email": world.client.user.email})
    assert mails_to(world, world.client.user) == []


@pytest.mark.parametrize("who", ["therapist", "lead", "admin"])
def test_staff_get_no_link(world, who):
    assert request_link(email=getattr(world, who).email, next_path="", now=NOW) is None


def test_invited_client_gets_no_link_before_accepting(world):
    invited = make_client(world.practice, "Ivy New", world.therapist, ready=False)
    assert request_link(email=invited.user.email, next_path="", now=NOW) is None


def test_link_is_over_after_thirty_minutes(world):
    request_link(email=world.client.user.email, next_path="", now=NOW)
    token = link_in(mails_to(world, world.client.user)[0]).split("/")[3]
    assert find_link(token=token, now=NOW + 29 * MINUTE)
    with pytest.raises(CannotSignIn):
        find_link(token=token, now=NOW + 30 * MINUTE)


def test_newer_link_ends_the_older(world):
    request_link(email=world.client.user.email, next_path="", now=NOW)
    old = link_in(mails_to(world, world.client.user)[0]).split("/")[3]
    request_link(email=world.client.user.email, next_path="", now=NOW + MINUTE)
    with pytest.raises(CannotSignIn):
        use_link(token=old, now=NOW + 2 * MINUTE)


def test_fifth_wrong_code_ends_the_link(world):
    link = request_link(email=world.client.user.email, next_path="", now=NOW)
    right = code_in(mails_to(world, world.client.user)[0])
    for _ in range(5):
        with pytest.raises(CannotSignIn):
            use_code(link_id=link.pk, code="x", now=NOW)
    with pytest.raises(CannotSignIn):
        use_code(link_id=link.pk, code=right, now=NOW)


def test_only_hashes_of_link_and_code_are_kept(world):
    link = request_link(email=world.client.user.email, next_path="", now=NOW)
    mail = mails_to(world, world.client.user)[0]
    kept = f"{link.token_hash} {link.code_hash}"
    assert link_in(mail).split("/")[3] not in kept
    assert code_in(mail) not in kept


def test_sixth_request_for_one_address_has_to_wait(world, client):
    answers = [client.post("/accounts/link/", {"email": world.client.user.email}).status_code for _ in range(6)]
    assert answers == [302, 302, 302, 302, 302, 429]


def test_signing_out_ends_the_session(world, client):
    sign_in(client, world.therapist.email)
    key = client.session.session_key
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/desk/").status_code == 302
