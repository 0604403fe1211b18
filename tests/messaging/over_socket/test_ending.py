"""How a socket ends: with the session, the seat, the treatment, and without any hint that says so."""

import asyncio
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from clients.domain.archiving import archive_client
from clients.models import CareTeamMember, Client
from messaging import consumers
from practice.accounts.devices import note_device
from practice.accounts.models import Device
from practice.accounts.session_store import SessionStore
from practice.accounts.sessions import BEGAN, SEEN, STAFF
from practice.live import codes, hub, limits
from practice.people.models import Membership, User
from tests.messaging.sockets import PATIENCE, Line, run, say_elsewhere, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_check_comes_every_five_seconds():
    """With the second that it may take: within six, as the list of faults says."""
    assert hub.CHECK_SECONDS == 5.0


def leave_team(world):
    with world.scope():
        CareTeamMember.objects.filter(client=world.client).update(until=timezone.now())


def sign_out(world):
    Session.objects.all().delete()


def archive(world):
    archive_client(client=world.client, by=world.therapist, now=timezone.now())


def deactivate(world):
    Membership.objects.filter(user=world.therapist).update(is_active=False)


def new_password(world):
    user = User.objects.get(pk=world.client.user.pk)
    user.set_password("another horse battery")
    user.save()


@pytest.mark.fault
@pytest.mark.parametrize(
    ("who", "what", "code"),
    [
        ("therapist", leave_team, codes.NOT_YOURS),
        ("client", sign_out, codes.SIGN_IN),
        ("therapist", deactivate, codes.NOT_YOURS),
        ("client", new_password, codes.SIGN_IN),
    ],
)
def test_socket_closes_within_six_seconds_without_any_hint(world, place, deaf, who, what, code):
    """Fault 27."""
    user = getattr(world, who)
    session = sign_in(user.user if isinstance(user, Client) else user)

    async def scene():
        line = Line(place[1], session)
        await line.open()
        await line.hear("hello")
        await asyncio.to_thread(what, world)
        assert await line.ended(PATIENCE) == code

    run(scene)


def switched_off(world):
    User.objects.filter(pk=world.therapist.pk).update(is_active=False)


@pytest.mark.fault
@pytest.mark.parametrize(
    ("what", "code"), [(deactivate, codes.NOT_YOURS), (switched_off, codes.SIGN_IN), (sign_out, codes.SIGN_IN)]
)
def test_socket_of_the_desk_closes_without_any_hint_for_who_works_here_no_more(world, deaf, what, code):
    noor = sign_in(world.therapist)

    async def scene():
        line = Line("/ws/live/", noor)
        await line.open()
        await line.hear("hello")
        await asyncio.to_thread(what, world)
        assert await line.ended(PATIENCE) == code

    run(scene)


def aged(user: User, *, began: timedelta, seen: timedelta) -> str:
    """Return the key of a session of staff that began and was used so long ago."""
    session, now = SessionStore(sign_in(user)), timezone.now()
    session.update({BEGAN: (now - began).timestamp(), SEEN: (now - seen).timestamp(), STAFF: True})
    session.save()
    return str(session.session_key)


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NEARLY = timedelta(seconds=40)


@pytest.mark.parametrize(
    "age", [{"began": HOUR, "seen": 31 * MINUTE}, {"began": 12 * HOUR + MINUTE, "seen": MINUTE}], ids=["idle", "long"]
)
def test_session_that_is_over_by_its_age_opens_no_socket(world, place, age):
    noor = aged(world.therapist, **age)

    async def scene():
        for path in ("/ws/live/", place[1]):
            line = Line(path, noor)
            await line.open()
            assert await line.ended() == codes.SIGN_IN

    run(scene)


@pytest.mark.fault
@pytest.mark.parametrize(
    "age",
    [{"began": HOUR, "seen": 29 * MINUTE + NEARLY}, {"began": 12 * HOUR - MINUTE + NEARLY, "seen": MINUTE}],
    ids=["idle", "long"],
)
def test_session_that_ends_by_its_age_closes_its_sockets(world, place, deaf, age):
    """An open socket is no sign of a person: what it hears counts for nothing, and it ends with the session."""
    later = timezone.now() + timedelta(seconds=30)
    noor = aged(world.therapist, **age)

    async def scene():
        lines = [Line(path, noor) for path in ("/ws/live/", place[1])]
        for line in lines:
            await line.open()
            await line.hear("hello")
        await hub.the_hub().check()
        await asyncio.to_thread(say_elsewhere, world, place[0], world.client.user, "Are you there?")
        await lines[1].hear("events")
        await asyncio.to_thread(half_a_minute_passes)
        for line in lines:
            assert await line.ended(PATIENCE) == codes.SIGN_IN

    def half_a_minute_passes():
        Session.objects.filter(expire_date__lt=later).update(expire_date=timezone.now())

    run(scene)


def test_what_a_person_writes_over_a_socket_keeps_them_signed_in(world, place, monkeypatch):
    noor = aged(world.therapist, began=HOUR, seen=29 * MINUTE)
    note_device(user=world.therapist, session_key=noor, now=timezone.now() - HOUR, address=None, agent="")
    monkeypatch.setattr(limits, "NOTED_SECONDS", 0.0)

    async def scene():
        line = Line(place[1], noor)
        await line.open()
        await line.say(beat=1)
        await line.hear("beat")
        before = await asyncio.to_thread(lambda: SessionStore(noor)[SEEN])
        for text in ("I am", "still here"):
            await line.say(post={"uuid": str(uuid4()), "text": text})
            await line.hear("ack")
        async with asyncio.timeout(PATIENCE):
            while await asyncio.to_thread(lambda: SessionStore(noor)[SEEN]) == before:
                await asyncio.sleep(0.05)
        await line.leave()
        return before

    before = asyncio.run(scene())
    seen = SessionStore(noor)[SEEN]
    assert time.time() - before > 28 * 60
    assert time.time() - seen < 30
    assert Session.objects.get(pk=noor).expire_date == datetime.fromtimestamp(seen, UTC) + 30 * MINUTE
    assert Device.objects.get(session_key=noor).seen_at == datetime.fromtimestamp(seen, UTC)


def test_session_that_ended_meanwhile_stays_over_whatever_is_written(world):
    noor = aged(world.therapist, began=HOUR, seen=31 * MINUTE)
    SessionStore.note_uses([noor], timezone.now())
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()
    Session.objects.all().delete()
    SessionStore.note_uses([noor], timezone.now())
    assert not Session.objects.exists()
    assert SessionStore(noor).load() == {}


@contextmanager
def elsewhere(statement, *values):
    """Another process is in the middle of a transaction."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as line, line.cursor() as cursor:
        cursor.execute(statement, values)
        yield cursor
        line.rollback()


def test_session_that_a_page_holds_keeps_no_other_from_being_noted(world):
    noor, sam = (aged(user, began=HOUR, seen=29 * MINUTE) for user in (world.therapist, world.client.user))
    with elsewhere("SELECT 1 FROM django_session WHERE session_key = %s FOR UPDATE", noor), patient(0.2):
        SessionStore.note_uses([noor, sam], timezone.now())
    assert time.time() - SessionStore(sam)[SEEN] < 60 < time.time() - SessionStore(noor)[SEEN]


def test_device_that_is_just_signed_out_is_waited_for_by_nobody(world):
    """Who signs it out holds the device and wants its session next: each would wait for the other."""
    noor = aged(world.therapist, began=HOUR, seen=29 * MINUTE)
    note_device(user=world.therapist, session_key=noor, now=timezone.now() - HOUR, address=None, agent="")
    with elsewhere("SELECT 1 FROM practice_device WHERE session_key = %s FOR UPDATE", noor) as cursor:
        with patient(0.2):
            SessionStore.note_uses([noor], timezone.now())
        cursor.execute("DELETE FROM django_session WHERE session_key = %s", [noor])
    assert time.time() - SessionStore(noor)[SEEN] < 60


@contextmanager
def patient(seconds):
    """Wait so long for a row and no longer."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{seconds}s'")
        yield
        cursor.execute("RESET lock_timeout")


def test_post_of_a_socket_that_ends_is_stored_and_told_to_the_others(world, place, deaf, monkeypatch):
    """Within the process, by the answer of the database: the check every five seconds would be too late."""
    sam, noor = sign_in(world.client.user), sign_in(world.therapist)
    monkeypatch.setattr(hub, "CHECK_SECONDS", 3600.0)
    began, real = asyncio.Event(), consumers.apost

    async def slowly(**message):
        began.set()
        await asyncio.sleep(0.5)
        return await real(**message)

    async def scene():
        one, two = Line(place[1], sam), Line(place[1], noor)
        for line in (one, two):
            await line.open()
            await line.hear("hello")
        await one.say(post={"uuid": str(uuid4()), "text": "Before I go"})
        await began.wait()
        (mine,) = [socket for socket in hub.the_hub().sockets if socket.user_id == world.client.user.pk]
        mine.close(codes.SIGN_IN)
        assert await one.ended() == codes.SIGN_IN
        (event,) = (await two.hear("events"))["events"]
        assert event["text"] == "Before I go"
        await two.leave()

    monkeypatch.setattr(consumers, "apost", slowly)
    run(scene)


@pytest.mark.fault
def test_socket_is_told_within_six_seconds_that_treatment_ended_without_any_hint(world, place, deaf):
    """It stays open, for the client goes on reading; what they write now is refused in words."""
    session, uuid = sign_in(world.client.user), str(uuid4())

    async def scene():
        line = Line(place[1], session)
        await line.open()
        await line.hear("hello")
        await hub.the_hub().check()
        await asyncio.to_thread(archive, world)
        assert await line.hear("hint", timeout=PATIENCE) == {"hint": "state"}
        await line.say(post={"uuid": uuid, "text": "One more thing"})
        refused = await line.hear("refused")
        assert (refused["why"], refused["detail"].split(",")[0]) == ("closed", "Treatment has ended")
        await line.leave()

    run(scene)
