"""The pages without script, and how many queries they cost with few and with many conversations."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from messaging.domain.posting import post
from messaging.models import Conversation, ConversationEvent, HeldMessage
from practice.audit.models import AuditEvent
from tests.people import make_client

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def message(text="Hello", **more):
    return {"text": text, "uuid": str(uuid4()), **more}


def test_client_writes_without_script(world, conversation):
    sam = world.as_(world.client)
    sent = message("I made it to the bridge")

    sam.post("/messages/write/", sent)
    sam.post("/messages/write/", sent)  # the back button

    page = sam.get("/messages/").content.decode()
    assert page.count("I made it to the bridge") == 1


def test_refused_message_stays_in_the_box(world):
    answer = world.as_(world.client).post("/messages/write/", message("x" * 10_001))

    assert answer.status_code == 422
    assert "x" * 10_001 in answer.content.decode()
    assert "longer than" in answer.content.decode()


def test_promise_and_help_stand_above_the_box(world):
    with time_machine.travel(TUESDAY_NOON, tick=False):
        page = world.as_(world.client).get("/messages/").content.decode()

    assert "Noor usually answers by <strong>tomorrow 17:00</strong>" in page
    assert "Help now" in page


def test_page_is_read_only_without_treatment(world):
    with world.scope():
        Client.objects.filter(pk=world.client.pk).update(treatment_consent=False)

    page = world.as_(world.client).get("/messages/").content.decode()

    assert "Writing is closed" in page
    assert "<textarea" not in page


def test_new_line_stands_above_what_the_reader_has_not_seen(world, write):
    write(world.therapist, "First")
    sam = world.as_(world.client)

    assert 'class="divider new"' in sam.get("/messages/").content.decode().split("<template")[0]
    assert 'class="divider new"' not in sam.get("/messages/").content.decode().split("<template")[0]


def test_living_parts_asking_for_themselves_read_nothing(world, conversation, write):
    write(world.client.user)
    noor = world.as_(world.therapist)

    noor.get(f"/desk/messages/{conversation.pk}/", headers={"X-Live": "1"})

    assert 'class="conv unseen"' in noor.get("/desk/messages/").content.decode()


def test_opening_a_conversation_is_written_in_the_record(world, conversation):
    world.as_(world.therapist).get(f"/desk/messages/{conversation.pk}/")

    with world.scope():
        row = AuditEvent.objects.get(verb="conversation_opened")
    assert (row.actor_id, row.client_ref) == (world.therapist.pk, world.client.pk)


def test_therapist_writes_at_night_for_opening_and_takes_it_back(world, conversation):
    with time_machine.travel(TUESDAY_NIGHT, tick=False):
        noor = world.as_(world.therapist)
        assert "working hours begin tomorrow 09:00" in noor.get(f"/desk/messages/{conversation.pk}/").content.decode()
        noor.post(f"/desk/messages/{conversation.pk}/write/", message("Sleep well", when="opening"))
        with world.scope():
            held = HeldMessage.objects.get()
        assert held.release_at == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
        assert "Goes out tomorrow 09:00" in noor.get(f"/desk/messages/{conversation.pk}/").content.decode()
        back = noor.post(f"/desk/messages/held/{held.pk}/back/").content.decode()

    assert ">Sleep well</textarea>" in back
    with world.scope():
        assert not ConversationEvent.objects.exists()


def test_therapist_writes_at_night_at_once(world, conversation):
    with time_machine.travel(TUESDAY_NIGHT, tick=False):
        world.as_(world.therapist).post(f"/desk/messages/{conversation.pk}/write/", message("Now", when="now"))

    with world.scope():
        assert ConversationEvent.objects.get().body == "Now"


def test_waiting_shows_who_waits_and_settling_ends_it(world, conversation, write):
    write(world.client.user)
    noor = world.as_(world.therapist)
    assert "1 person waits" in noor.get("/desk/messages/?show=waiting").content.decode()

    noor.post(f"/desk/messages/{conversation.pk}/settled/")

    assert "Nobody waits" in noor.get("/desk/messages/?show=waiting").content.decode()


def test_earlier_messages_are_a_page_away(world, conversation, write):
    for number in range(55):
        write(world.client.user, f"number {number}.")
    noor = world.as_(world.therapist)

    newest = noor.get(f"/desk/messages/{conversation.pk}/").content.decode()
    earlier = noor.get(f"/desk/messages/{conversation.pk}/?before=6").content.decode()

    assert ("number 54." in newest, "number 4." in newest) == (True, False)
    assert ("number 4." in earlier, "number 6." in earlier, "data-open" in earlier) == (True, False, False)


@pytest.mark.parametrize("nonsense", ["?before=x", "?before=-1", "?page=999999", "?page=-1", "?page=NaN", "?show=x"])
def test_odd_addresses_show_the_page(world, conversation, nonsense):
    assert world.as_(world.therapist).get(f"/desk/messages/{conversation.pk}/{nonsense}").status_code == 200


def many(world, count):
    """Give Noor this many clients more, each with a message."""
    for number in range(count):
        with world.scope():
            name = f"N{Client.objects.count()} Client"
        client = make_client(world.practice, name, world.therapist)
        with world.scope():
            pk = Conversation.objects.get(client=client).pk
        post(
            conversation_id=pk,
            practice_id=world.practice.pk,
            author=client.user,
            text=f"Hello {number}",
            client_uuid=uuid4(),
            now=TUESDAY_NOON,
        )


def queries(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_list_costs_the_same_with_few_and_many(world, conversation, monkeypatch):
    monkeypatch.setattr("practice.live.epoch._kept", (float("inf"), "known"))
    noor = world.as_(world.therapist)
    many(world, 3)
    few = queries(noor, "/desk/messages/"), queries(noor, f"/desk/messages/{conversation.pk}/")
    many(world, 60)

    assert (queries(noor, "/desk/messages/"), queries(noor, f"/desk/messages/{conversation.pk}/")) == few
    assert few == (11, 16)


def test_portal_page_costs_the_same_with_few_and_many(world, write, monkeypatch):
    monkeypatch.setattr("practice.live.epoch._kept", (float("inf"), "known"))
    sam = world.as_(world.client)
    write(world.client.user)
    few = queries(sam, "/messages/")
    for _ in range(49):
        write(world.therapist)

    assert queries(sam, "/messages/") == few
