"""Events and read cursors over HTTP: the same verbs as the socket."""

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest

from clients.models import Client
from messaging.models import Participant
from practice.live import limits


@pytest.fixture(autouse=True)
def rested():
    limits.posts.acts.clear()


def url(conversation, what="events"):
    return f"/api/v1/conversations/{conversation.pk}/{what}"


def send(browser, conversation, **message):
    body = json.dumps({"uuid": str(uuid4()), **message})
    return browser.post(url(conversation), body, content_type="application/json")


def test_posting_stores_and_repeating_answers_the_same(world, conversation):
    sam, uuid = world.as_(world.client), str(uuid4())

    first, again = (send(sam, conversation, uuid=uuid, text="Hello") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_another_text_under_the_same_uuid_is_a_conflict_that_shows_what_stands_there(world, conversation):
    sam, uuid = world.as_(world.client), str(uuid4())
    send(sam, conversation, uuid=uuid, text="Hello")

    answer = send(sam, conversation, uuid=uuid, text="Something else")

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["stored"]["text"] == "Hello"


def test_reading_goes_on_from_an_event_in_pages(world, conversation, write):
    for number in range(5):
        write(world.client.user, f"{number}")

    page = world.as_(world.therapist).get(url(conversation), {"after": 1, "limit": 2}).json()

    assert ([event["seq"] for event in page["events"]], page["head"]) == ([2, 3], 5)


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": "x"}, {"limit": "0"}, {"limit": "201"}, {"after": "1e9"}])
def test_odd_ranges_are_refused_in_the_problem_shape(world, conversation, query):
    answer = world.as_(world.therapist).get(url(conversation), query)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("text", ["", " ", "x" * 10_001, None, 5, {"a": 1}, "\x00"])
def test_what_can_not_be_said_names_the_field(world, conversation, text):
    answer = send(world.as_(world.client), conversation, text=text)

    assert answer.status_code == 400
    assert "text" in answer.json()["errors"]


def test_megabyte_is_refused_calmly(world, conversation):
    assert send(world.as_(world.client), conversation, text="x" * 1_000_000).status_code == 400


def test_closed_conversation_is_read_not_written(world, conversation, write):
    write(world.client.user)
    with world.scope():
        Client.objects.filter(pk=world.client.pk).update(treatment_consent=False)
    sam = world.as_(world.client)

    assert sam.get(url(conversation)).status_code == 200
    assert send(sam, conversation, text="Hello").status_code == 403


def test_twenty_first_post_has_to_wait(world, conversation, monkeypatch):
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 0.0))  # ten seconds never pass
    sam = world.as_(world.client)
    for number in range(20):
        assert send(sam, conversation, text=f"{number}").status_code == 201

    answer = send(sam, conversation, text="more")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_read_cursor_moves(world, conversation, write):
    write(world.client.user)

    answer = world.as_(world.therapist).put(
        url(conversation, "read"), json.dumps({"seq": 1}), content_type="application/json"
    )

    assert answer.status_code == 204
    with world.scope():
        assert Participant.objects.get(user=world.therapist, conversation=conversation).read_message_no == 1


def test_token_is_asked_for(world, conversation):
    from django.test import Client as Browser

    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(world.client.user, "allauth.account.auth_backends.AuthenticationBackend")

    assert send(browser, conversation, text="Hello").status_code == 403
