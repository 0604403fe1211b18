"""Passkeys: added, used alone by staff and clients, used after a password, named, removed."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from practice.accounts.second_factors import factors_of
from tests.passkeys import SoftKey
from tests.people import PASSWORD, make_client

ADD, LOGIN = "/accounts/security/passkeys/add/", "/accounts/login/passkey/"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def add(browser, *, name="My phone", **how):
    """Add a passkey; returns the key and the answer."""
    key = SoftKey()
    made = key.create(json.loads(browser.get(ADD).context["options"]), **how)
    return key, browser.post(ADD, {"name": name, "credential": json.dumps(made)})


def options(client):
    """What the sign-in page's script asks for."""
    return client.get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]


def enter(client, key, **more):
    """Sign in with a passkey and nothing else."""
    how = {name: more.pop(name) for name in ("verified",) if name in more}
    return client.post(LOGIN, {"credential": json.dumps(key.get(options(client), **how)), **more})


def test_therapist_signs_in_by_a_passkey_alone(world, client):
    key, answer = add(world.as_(world.therapist))
    assert answer["Location"] == "/accounts/security/codes/"
    assert enter(client, key)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_client_signs_in_by_a_passkey_alone(world, client):
    key, _answer = add(world.as_(world.client))
    assert enter(client, key, own_device="on", next="/appointments/")["Location"] == "/appointments/"
    assert client.get("/").status_code == 200
    assert client.cookies["sessionid"]["max-age"] == pytest.approx(30 * 24 * 3600, abs=2)


def test_next_leads_only_to_ourselves(world, client):
    key, _answer = add(world.as_(world.client))
    assert enter(client, key, next="https://evil.example/")["Location"] == "/"


def test_passkey_after_the_password(world, client):
    key, _answer = add(world.as_(world.therapist))
    client.post("/accounts/login/", {"login": world.therapist.email, "password": PASSWORD})
    asked = json.loads(client.get("/accounts/login/second-factor/").context["options"])
    answer = client.post("/accounts/login/second-factor/", {"credential": json.dumps(key.get(asked))})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("step", ["making", "using"])
def test_key_without_finger_face_or_pin_opens_nothing(world, client, step):
    key, answer = add(world.as_(world.therapist), verified=step == "using")
    assert answer.status_code == (302 if step == "using" else 200)
    assert enter(client, key, verified=False)["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_answer_works_once(world, client):
    key, _answer = add(world.as_(world.therapist))
    answer = {"credential": json.dumps(key.get(options(client)))}
    client.post(LOGIN, answer)
    client.post("/accounts/logout/")
    assert client.post(LOGIN, answer)["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_key_of_another_does_not_open_an_account(world, client):
    key, _answer = add(world.as_(world.therapist))
    forger = SoftKey()
    forger.user, forger.id = key.user, key.id
    forged = forger.get(options(client))
    assert client.post(LOGIN, {"credential": json.dumps(forged)})["Location"] == "/accounts/login/"


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", "1", '{"id": 1}', '{"response": {"userHandle": "%%"}}', "nul"])
def test_what_no_browser_answers_is_refused_calmly(world, client, nonsense):
    options(client)
    assert client.post(LOGIN, {"credential": nonsense})["Location"] == "/accounts/login/"
    browser = world.as_(world.therapist)
    browser.get(ADD)
    assert browser.post(ADD, {"name": "x", "credential": nonsense}).status_code == 200
    assert not Authenticator.objects.exists()


def test_who_has_not_accepted_cannot_enter(world, client):
    ivy = make_client(world.practice, "Ivy New", world.therapist)
    key, _answer = add(world.as_(ivy))
    ivy.user.activated_at = None
    ivy.user.save()
    enter(client, key)
    assert "_auth_user_id" not in client.session


def test_one_is_named_and_removed_another_persons_is_not_found(world):
    browser = world.as_(world.therapist)
    add(browser)
    add(browser, name="Old laptop")
    first, second = factors_of(world.therapist).passkeys
    browser.post(f"/accounts/security/passkeys/{first.pk}/", {"name": "New phone"})
    browser.post(f"/accounts/security/passkeys/{second.pk}/remove/")
    assert [key.data["name"] for key in factors_of(world.therapist).passkeys] == ["New phone"]
    assert world.as_(world.colleague).get(f"/accounts/security/passkeys/{first.pk}/").status_code == 404


def test_party_is_the_public_name_whatever_host_is_asked(world, client, settings):
    settings.ALLOWED_HOSTS = ["evil.example", "localhost"]
    asked = client.get(LOGIN, headers={"Accept": "application/json", "Host": "evil.example"}).json()
    assert asked["request_options"]["publicKey"]["rpId"] == "localhost"


def test_fresh_proof_by_passkey(world):
    browser = world.as_(world.therapist)
    key, _answer = add(browser)
    session = browser.session
    session["confirmed"] -= 11 * 60
    session.save()
    way = browser.get("/accounts/security/codes/")["Location"]
    asked = json.loads(browser.get(way).context["options"])
    assert browser.post(way, {"credential": json.dumps(key.get(asked))})["Location"] == "/accounts/security/codes/"
    assert browser.get("/accounts/security/codes/").status_code == 200
