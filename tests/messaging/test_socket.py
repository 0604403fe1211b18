"""The conversation's socket: who gets in, posting and its answer, reading on, and how it ends."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from clients.domain.archiving import archive_client
from clients.domain.attending import raise_item
from clients.models import CareTeamMember, Client
from messaging.consumers import ConversationSocket
from messaging.domain.posting import post
from messaging.models import Conversation, ConversationEvent, Participant
from practice.accounts.devices import note_device
from practice.accounts.models import Device
from practice.accounts.session_store import SessionStore
from practice.accounts.sessions import BEGAN, SEEN, STAFF
from practice.live import codes, hub, limits
from practice.live.executor import database
from practice.live.hints import hint
from practice.people.models import Membership, User
from tests.faults.told import Told, tell
from tests.messaging.sockets import Line, sign_in, until_listened_to
from tests.people import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30  # seconds, on a busy machine


@pytest.fixture
def world(transactional_db):
    """Committed, because sockets have connections of their own."""
    limits.posts.acts.clear()
    limits.frames.acts.clear()
    yield make_world()
    database.close()


@pytest.fixture
def place(world):
    """The conversation's id and its socket's path."""
    with world.scope():
        pk = Conversation.objects.get(client=world.client).pk
    return pk, f"/ws/conversations/{pk}/"


@pytest.fixture
def often(monkeypatch):
    """The check, else every five seconds, comes each half a second."""
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.5)


@pytest.fixture
def deaf(monkeypatch, often):
    """Nothing is published, as with Redis stopped."""
    monkeypatch.setattr("practice.live.hints._publisher", type("Nobody", (), {"put": lambda *a: None}))


def test_check_comes_every_five_seconds():
    """With the second that it may take: within six, as the list of faults says."""
    assert hub.CHECK_SECONDS == 5.0


def say_elsewhere(world: World, pk: int, author: User, text: str) -> None:
    """Post as another process would."""
    post(
        conversation_id=pk,
        practice_id=world.practice.pk,
        author=author,
        text=text,
        client_uuid=uuid4(),
        now=timezone.now(),
    )


def run(scene):
    """Run a scene in a loop of its own."""
    asyncio.run(scene())


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("colleague", codes.NOT_YOURS),
        ("lead", codes.NOT_YOURS),
        ("admin", codes.NOT_YOURS),
        ("outsider", codes.NOT_YOURS),
    ],
)
def test_socket_of_a_conversation_is_closed_to_others(world, place, who, code):
    session = sign_in(getattr(world, who))

    async def scene():
        line = Line(place[1], session)
        assert await line.open()
        assert await line.ended() == code

    run(scene)


def test_socket_without_a_session_is_asked_to_sign_in(place):
    async def scene():
        line = Line(place[1], "nonsense")
        assert await line.open()
        assert await line.ended() == codes.SIGN_IN

    run(scene)


@pytest.mark.parametrize("origin", ["https://evil.example", None])
def test_socket_from_another_site_is_refused(world, place, origin):
    session = sign_in(world.client.user)

    async def scene():
        assert not await Line(place[1], session, origin).open()

    run(scene)


def test_unknown_socket_closes_with_nowhere(world):
    session = sign_in(world.client.user)

    async def scene():
        line = Line("/ws/nowhere/", session)
        await line.open()
        assert await line.ended() == codes.NOWHERE

    run(scene)


def test_posting_is_acknowledged_and_heard_by_the_other(world, place):
    sam, noor = sign_in(world.client.user), sign_in(world.therapist)

    async def scene():
        one, two = Line(place[1], sam), Line(place[1], noor)
        await one.open(), await two.open()
        assert (await one.hear("hello"))["hello"]["head"] == 0
        await two.hear("hello")
        uuid = str(uuid4())
        await one.say(post={"uuid": uuid, "text": "Good **morning**"})
        assert await one.hear("ack") == {"ack": uuid, "seq": 1}
        (event,) = (await two.hear("events"))["events"]
        assert (event["seq"], event["by"], event["name"]) == (1, world.client.user.pk, "Sam")
        assert event["html"] == "<p>Good <strong>morning</strong></p>"
        await one.leave(), await two.leave()

    run(scene)


def test_what_another_process_stored_arrives_by_hint(world, place, monkeypatch):
    monkeypatch.setattr(hub, "CHECK_SECONDS", 3600)
    noor = sign_in(world.therapist)

    async def scene():
        line = Line(place[1], noor)
        await line.open()
        await line.hear("hello")
        await asyncio.to_thread(until_listened_to, f"conversation.{place[0]}")
        await asyncio.to_thread(say_elsewhere, world, place[0], world.client.user, "From my phone")
        (event,) = (await line.hear("events"))["events"]
        assert event["text"] == "From my phone"
        await line.leave()

    run(scene)


def test_lost_hint_is_repaired_by_the_head_check(world, place, monkeypatch, often):
    monkeypatch.setattr("messaging.receivers.hint", lambda *args, **kwargs: None)
    noor = sign_in(world.therapist)

    async def scene():
        line = Line(place[1], noor)
        await line.open()
        await line.hear("hello")
        await asyncio.to_thread(say_elsewhere, world, place[0], world.client.user, "Nobody was told")
        assert (await line.hear("events", timeout=PATIENCE))["events"][0]["seq"] == 1
        await line.leave()

    run(scene)


def test_after_reads_on_from_where_the_browser_was(world, place):
    for number in range(5):
        say_elsewhere(world, place[0], world.client.user, f"{number}")
    noor = sign_in(world.therapist)

    async def scene():
        line = Line(place[1], noor)
        await line.open()
        assert (await line.hear("hello"))["hello"]["head"] == 5
        await line.say(after=2)
        assert [event["seq"] for event in (await line.hear("events"))["events"]] == [3, 4, 5]
        await line.leave()

    run(scene)


def test_same_uuid_twice_is_one_message_and_another_body_is_refused(world, place):
    sam = sign_in(world.client.user)

    async def scene():
        line = Line(place[1], sam)
        await line.open()
        uuid = str(uuid4())
        for _ in range(2):
            await line.say(post={"uuid": uuid, "text": "One"})
            assert (await line.hear("ack"))["seq"] == 1
        await line.say(post={"uuid": uuid, "text": "Two"})
        refused = await line.hear("refused")
        assert (refused["why"], refused["stored"]["text"]) == ("otherwise", "One")
        await line.leave()

    run(scene)
    with world.scope():
        assert ConversationEvent.objects.count() == 1


def test_read_cursor_is_saved_when_the_socket_goes(world, place):
    say_elsewhere(world, place[0], world.client.user, "Read me")
    noor = sign_in(world.therapist)

    async def scene():
        line = Line(place[1], noor)
        await line.open()
        await line.hear("hello")
        await line.say(read=1)
        await line.say(beat=1)
        await line.hear("beat")
        await line.leave()

    run(scene)
    with world.scope():
        assert Participant.objects.get(user=world.therapist, conversation_id=place[0]).read_message_no == 1


@pytest.mark.parametrize(
    ("text", "data", "code"),
    [
        ("x" * (limits.FRAME_BYTES + 1), None, codes.TOO_BIG),
        ("é" * (limits.FRAME_BYTES // 2 + 1), None, codes.TOO_BIG),
        (None, b"\x00\x01", codes.UNSUPPORTED),
        ("not json", None, codes.UNSUPPORTED),
        ("[1, 2]", None, codes.UNSUPPORTED),
        ("[" * 20_000, None, codes.UNSUPPORTED),
        ('{"after": -1}', None, codes.UNSUPPORTED),
        ('{"after": 1e309}', None, codes.UNSUPPORTED),
        ('{"post": {"uuid": "x", "text": "y"}}', None, codes.UNSUPPORTED),
    ],
    ids=["long", "wide", "bytes", "words", "list", "deep", "negative", "infinite", "no-uuid"],
)
def test_broken_frame_closes_the_socket(world, place, text, data, code):
    sam = sign_in(world.client.user)

    async def scene():
        line = Line(place[1], sam)
        await line.open()
        await line.raw(text, data)
        assert await line.ended() == code

    run(scene)


@pytest.mark.parametrize(
    ("frame", "code"), [('{"after": 0}', codes.SLOW_DOWN), ('{"join": 7}', codes.UNSUPPORTED)], ids=["asks", "joins"]
)
def test_ten_thousand_joins_end_the_socket(world, place, frame, code):
    sam = sign_in(world.client.user)

    async def scene():
        line = Line(place[1], sam)
        await line.open()
        for _each in range(10_000):
            await line.raw(frame)
        assert await line.ended() == code

    run(scene)


@pytest.mark.fault
def test_what_is_written_between_being_let_in_and_listening_is_heard_once(request, world, place, monkeypatch, often):
    """Fault 23: a pause between both halves, in which another process stores something."""
    come_in = ConversationSocket._come_in

    async def slowly(socket):
        await come_in(socket)
        await asyncio.to_thread(say_elsewhere, world, place[0], world.client.user, "In between")

    monkeypatch.setattr(ConversationSocket, "_come_in", slowly)
    noor = sign_in(world.therapist)

    async def scene():
        line = Line(place[1], noor)
        await line.open()
        began = asyncio.get_running_loop().time()
        events = (await line.hear("events", timeout=PATIENCE))["events"]
        recovery = asyncio.get_running_loop().time() - began
        await asyncio.to_thread(say_elsewhere, world, place[0], world.client.user, "Afterwards")
        events += (await line.hear("events", timeout=PATIENCE))["events"]
        await line.leave()
        return events, recovery

    events, recovery = asyncio.run(scene())
    tell(request, Told("23", None, 2 - len({e["seq"] for e in events}), len(events) - 2, recovery=recovery))
    assert [event["text"] for event in events] == ["In between", "Afterwards"]


def test_text_with_nul_and_half_a_character_is_stored_tidied(world, place):
    sam = sign_in(world.client.user)

    async def scene():
        line = Line(place[1], sam)
        await line.open()
        await line.raw(f'{{"post": {{"uuid": "{uuid4()}", "text": "a\\u0000b \\ud800 c"}}}}')
        assert (await line.hear("events"))["events"][0]["text"] == "ab \ufffd c"
        await line.leave()

    run(scene)


def test_twenty_first_message_in_ten_seconds_has_to_wait(world, place, monkeypatch):
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 0.0))  # ten seconds never pass
    sam = sign_in(world.client.user)

    async def scene():
        line = Line(place[1], sam)
        await line.open()
        for number in range(20):
            await line.say(post={"uuid": str(uuid4()), "text": f"{number}"})
            await line.hear("ack")
        uuid = str(uuid4())
        await line.say(post={"uuid": uuid, "text": "one more"})
        unsaved = await line.hear("unsaved")
        assert (unsaved["unsaved"], 0 < unsaved["wait"] <= 10) == (uuid, True)
        await line.leave()

    run(scene)


def test_sixth_window_closes_the_oldest(world, place):
    sam = sign_in(world.client.user)

    async def scene():
        lines = [Line(place[1], sam) for _ in range(limits.SOCKETS_A_USER + 1)]
        for line in lines:
            await line.open()
            await line.hear("hello")
        assert await lines[0].ended() == codes.SLOW_DOWN
        for line in lines[1:]:
            await line.leave()

    run(scene)


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
        await hub.the_hub().check()  # the first check notes the password's mark
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
    gone = SessionStore(noor)
    gone.note_use(timezone.now())
    Session.objects.all().delete()
    SessionStore(noor).note_use(timezone.now())
    assert not Session.objects.exists()
    assert SessionStore(noor).load() == {}


@pytest.mark.fault
def test_hint_that_is_lost_just_after_a_page_opened_is_noticed(world, monkeypatch):
    """Nothing was known yet to compare with: the check that comes soon after the door is what notices it."""
    monkeypatch.setattr("practice.live.hints._publisher", type("Nobody", (), {"put": lambda *a: None}))
    noor = sign_in(world.therapist)
    looked, ask = threading.Event(), hub.ask
    monkeypatch.setattr(hub, "ask", lambda question: (ask(question), looked.set())[0])
    monkeypatch.setattr(hub, "CHECK_SECONDS", 60.0)

    async def scene():
        line = Line("/ws/live/", noor)
        await line.open()
        await line.hear("hello")
        assert await asyncio.to_thread(looked.wait, 30)
        await asyncio.to_thread(raise_something, world)
        await hub.the_hub().check()
        assert await line.hear("hint") == {"hint": "attention"}
        await line.leave()

    run(scene)


def raise_something(world: World) -> None:
    with world.scope():
        raise_item(kind="send_failed", key="1", client=world.client, now=timezone.now())


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


def test_person_socket_passes_hints_on(world):
    noor = sign_in(world.therapist)

    async def scene():
        line = Line("/ws/live/", noor)
        await line.open()
        await line.hear("hello")
        await asyncio.to_thread(until_listened_to, f"user.{world.therapist.pk}")
        await asyncio.to_thread(hint, f"user.{world.therapist.pk}", what="attention")
        assert await line.hear("hint") == {"hint": "attention"}
        await line.leave()

    run(scene)
