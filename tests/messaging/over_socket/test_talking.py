"""The conversation's socket: who gets in, posting and its answer, reading on."""

import asyncio
import threading
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import timezone

from clients.domain.attending import raise_item
from messaging.consumers import ConversationSocket
from messaging.models import ConversationEvent, Participant
from practice.audit.models import AuditEvent
from practice.live import codes, hub, limits
from practice.live.hints import hint
from tests.faults.told import Told, tell
from tests.messaging.sockets import PATIENCE, Line, run, say_elsewhere, sign_in, until_listened_to
from tests.people import World

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.parametrize(("who", "lines"), [("therapist", 1), ("client", 0)])
def test_listening_by_a_socket_leaves_one_line_in_the_trail(world, place, who, lines):
    """Whoever opens no page reads all the same; the client's own listening is nobody's business."""
    session = sign_in(world.therapist if who == "therapist" else world.client.user)

    async def scene():
        for _twice in range(2):
            line = Line(place[1], session)
            await line.open()
            await line.hear("hello")
            await line.leave()

    run(scene)
    with world.scope():
        left = AuditEvent.objects.filter(verb="conversation_opened", client_ref=world.client.pk)
        assert [row.subject_ref for row in left] == [place[0]] * lines


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
        said = await one.hear("ack", "events")
        (event,) = (await two.hear("events"))["events"]
        assert said == {"ack": uuid, "seq": 1, "event": event}
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
        assert (await line.hear("ack"))["event"]["text"] == "ab \ufffd c"
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
