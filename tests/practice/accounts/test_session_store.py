"""When a session is over stands in its row, so that the list of devices and the sockets need not open it."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from practice.accounts.devices import devices_of
from practice.accounts.session_store import SessionStore
from practice.accounts.sessions import BEGAN, OWN_DEVICE, SEEN, ends_at
from tests.people import PASSWORD

MINUTE = timedelta(minutes=1)


def row_of(client):
    return Session.objects.get(session_key=client.cookies["sessionid"].value)


def test_row_says_when_a_therapists_session_ends_by_its_age(world, client):
    client.post("/accounts/login/", {"login": world.therapist.email, "password": PASSWORD})
    assert row_of(client).expire_date == ends_at(client.session) < timezone.now() + 31 * MINUTE


def test_row_says_when_the_session_on_a_clients_own_device_ends(world, client):
    client.post("/accounts/login/", {"login": world.client.user.email, "password": PASSWORD, OWN_DEVICE: "on"})
    assert row_of(client).expire_date == ends_at(client.session) > timezone.now() + timedelta(days=29)


def test_session_before_signing_in_lives_as_long_as_its_cookie(db):
    session = SessionStore()
    session["next"] = "/me/"
    session.create()
    assert BEGAN not in session
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=29)


def test_device_whose_session_is_over_is_listed_no_more_and_swept_at_the_next_sign_in(world, client):
    first = world.as_(world.therapist)
    key, session = first.cookies["sessionid"].value, first.session
    session[SEEN] -= 31 * 60
    session.save()
    assert devices_of(world.therapist, here=None, now=timezone.now()) == []
    assert Session.objects.filter(session_key=key).exists()
    client.post("/accounts/login/", {"login": world.therapist.email, "password": PASSWORD})
    assert not Session.objects.filter(session_key=key).exists()
    assert len(devices_of(world.therapist, here=None, now=timezone.now())) == 1
