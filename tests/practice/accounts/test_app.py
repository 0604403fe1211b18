"""The authenticator app: set up, used to sign in, replaced, removed; recovery codes; who is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection

from practice.accounts.changing_factors import CannotRemove, remove_factor, reset_factors
from practice.accounts.second_factors import factors_of
from practice.audit.models import AuditEvent
from practice.notifications.models import Notification
from tests.people import NOW, PASSWORD, code_of, give_app

AT_THE_TICK = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a period of thirty seconds begins


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def password_login(client, user, **more):
    """Post the sign-in page."""
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD, **more})


def told(world, user):
    """The subjects' texts of the mails that wait for this user."""
    with world.scope():
        rows = Notification.objects.filter(user=user, payload__isnull=False).order_by("pk")
        return [json.loads(row.payload)["text"] for row in rows]


def trail(world, user):
    """The verbs in the trail about this user."""
    with world.scope():
        return list(AuditEvent.objects.filter(subject_ref=user.pk, actor=user).values_list("verb", flat=True))


def test_first_hour_of_staff_with_a_password(world, client):
    password_login(client, world.therapist)
    way = client.get("/desk/clients/")["Location"]
    assert client.get(way).status_code == 200
    secret = client.get("/accounts/security/app/").context["secret"].replace(" ", "")
    assert client.post("/accounts/security/app/", {"code": code_of(secret)})["Location"] == "/accounts/security/codes/"
    page = client.get("/accounts/security/codes/")
    assert len(page.context["codes"]) == 10
    assert client.post("/accounts/security/codes/kept/")["Location"] == "/desk/clients/"
    assert client.get("/desk/clients/").status_code == 200


def test_app_is_asked_for_after_the_password(world, client):
    secret = give_app(world.therapist)
    assert (
        password_login(client, world.therapist, next="/desk/clients/")["Location"] == "/accounts/login/second-factor/"
    )
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    assert client.post("/accounts/login/second-factor/", {"code": code_of(secret)})["Location"] == "/desk/clients/"
    assert client.get("/desk/").status_code == 200


def test_own_device_of_a_client_outlives_the_second_step(world, client):
    secret = give_app(world.client.user)
    password_login(client, world.client.user, own_device="on")
    client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    assert client.cookies["sessionid"]["max-age"] == pytest.approx(30 * 24 * 3600, abs=2)


def test_code_works_once(world, client):
    secret = give_app(world.therapist)
    code = code_of(secret)
    password_login(client, world.therapist)
    client.post("/accounts/login/second-factor/", {"code": code})
    client.post("/accounts/logout/")
    password_login(client, world.therapist)
    assert client.post("/accounts/login/second-factor/", {"code": code}).status_code == 200


def test_code_that_set_the_app_up_signs_nobody_in(world, client):
    browser = world.as_(world.client)
    secret = browser.get("/accounts/security/app/").context["secret"].replace(" ", "")
    code = code_of(secret)
    assert browser.post("/accounts/security/app/", {"code": code})["Location"] == "/accounts/security/codes/"
    password_login(client, world.client.user)
    assert client.post("/accounts/login/second-factor/", {"code": code}).status_code == 200
    assert browser.post("/accounts/security/confirm/", {"code": code}).status_code == 200


@pytest.mark.parametrize("seconds", [31, 59])
def test_code_works_once_also_while_it_would_still_fit(world, client, seconds):
    secret = give_app(world.therapist)
    with time_machine.travel(AT_THE_TICK, tick=False):
        code = code_of(secret, later=1)  # of a phone whose clock is ahead
        password_login(client, world.therapist)
        assert client.post("/accounts/login/second-factor/", {"code": code})["Location"] == "/desk/"
        client.post("/accounts/logout/")
    with time_machine.travel(AT_THE_TICK + timedelta(seconds=seconds), tick=False):
        password_login(client, world.therapist)
        assert client.post("/accounts/login/second-factor/", {"code": code}).status_code == 200


def test_code_that_signed_in_proves_nothing_anew(world, client):
    secret = give_app(world.client.user)
    code = code_of(secret)
    password_login(client, world.client.user)
    client.post("/accounts/login/second-factor/", {"code": code})
    with connection.cursor() as cursor:  # the library's own note of it, which is over after half a minute
        cursor.execute("DELETE FROM practice_cache WHERE cache_key LIKE '%%allauth.mfa.totp.used%%'")
        assert cursor.rowcount == 1
    assert client.post("/accounts/security/confirm/", {"code": code}).status_code == 200


def test_sixth_wrong_code_is_refused_even_with_the_right_one(world, client):
    secret = give_app(world.therapist)
    password_login(client, world.therapist)
    for _ in range(5):
        client.post("/accounts/login/second-factor/", {"code": "000000"})
    client.post("/accounts/login/second-factor/", {"code": code_of(secret)})
    assert "_auth_user_id" not in client.session


def test_recovery_code_lets_in_once_and_its_owner_is_told(world, client):
    give_app(world.therapist)
    code = factors_of(world.therapist).codes.wrap().get_unused_codes()[0]
    password_login(client, world.therapist)
    assert client.post("/accounts/login/second-factor/", {"code": code})["Location"] == "/desk/"
    client.post("/accounts/logout/")
    password_login(client, world.therapist)
    assert client.post("/accounts/login/second-factor/", {"code": code}).status_code == 200
    assert "code_used" in trail(world, world.therapist)
    assert "recovery codes" in told(world, world.therapist)[0]


def test_secrets_are_sealed_in_the_table_and_in_the_session(world):
    browser = world.as_(world.therapist)
    secret = browser.get("/accounts/security/app/").context["secret"].replace(" ", "")
    assert secret not in json.dumps(dict(browser.session.items()))
    browser.post("/accounts/security/app/", {"code": code_of(secret)})
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_another_app_replaces_the_first_and_keeps_the_codes(world):
    old = give_app(world.therapist)
    before = factors_of(world.therapist).codes.wrap().get_unused_codes()
    browser = world.as_(world.therapist)
    secret = browser.get("/accounts/security/app/").context["secret"].replace(" ", "")
    assert browser.post("/accounts/security/app/", {"code": code_of(old)}).status_code == 200
    browser.post("/accounts/security/app/", {"code": code_of(secret)})
    after = factors_of(world.therapist)
    assert not after.app.wrap().validate_code(code_of(old))
    assert after.codes.wrap().get_unused_codes() == before


def test_setting_up_is_told_and_written_down(world):
    browser = world.as_(world.client)
    secret = browser.get("/accounts/security/app/").context["secret"].replace(" ", "")
    browser.post("/accounts/security/app/", {"code": code_of(secret)})
    assert trail(world, world.client.user) == ["app_added"]
    assert "An authenticator app was set up." in told(world, world.client.user)[0]


def test_staff_cannot_remove_their_last_one(world):
    give_app(world.therapist)
    with pytest.raises(CannotRemove):
        remove_factor(factor=factors_of(world.therapist).app, now=NOW)
    assert factors_of(world.therapist).app is not None


def test_client_can_and_the_codes_go_too(world):
    give_app(world.client.user)
    world.as_(world.client).post("/accounts/security/app/remove/")
    assert not Authenticator.objects.filter(user=world.client.user).exists()
    assert trail(world, world.client.user) == ["app_removed"]


def test_kept_codes_are_never_shown_again(world):
    give_app(world.therapist)
    browser = world.as_(world.therapist)
    codes = browser.get("/accounts/security/codes/").context["codes"]
    text = browser.get("/accounts/security/codes/text/")
    assert all(code in text.content.decode() for code in codes)
    assert text["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    browser.post("/accounts/security/codes/kept/")
    page = browser.get("/accounts/security/codes/").content.decode()
    assert not any(code in page for code in codes)
    assert browser.get("/accounts/security/codes/text/").status_code == 404


def test_new_codes_end_the_old(world):
    give_app(world.therapist)
    old = factors_of(world.therapist).codes.wrap().get_unused_codes()[0]
    world.as_(world.therapist).post("/accounts/security/codes/")
    assert not factors_of(world.therapist).codes.wrap().validate_code(old)
    assert trail(world, world.therapist) == ["codes_made"]


def test_reset_removes_all_and_tells_the_owner(world):
    give_app(world.therapist)
    reset_factors(user=world.therapist, now=NOW, by=world.admin)
    assert not factors_of(world.therapist).any
    assert "removed for you" in told(world, world.therapist)[0]
