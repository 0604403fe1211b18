"""Fault 22: the line is cut after the commit, before the answer. Trying again gives the same number, and one row."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from messaging.models import Conversation, ConversationEvent
from tests.fakes.cutting_proxy import CuttingProxy
from tests.faults.told import Told, tell
from tests.live import Live
from tests.messaging.sockets import sign_in
from tests.people import World, make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]
TOKEN, PATIENCE = "a" * 32, 60


@pytest.fixture
def scene(live: Live) -> tuple[Live, World, int]:
    """Sam and Noor, and their conversation, in a house that runs."""
    world = make_world()
    with world.scope():
        return live, world, Conversation.objects.get(client=world.client).pk


@pytest.fixture
def cut_at(scene) -> Iterator[object]:
    """Makes a proxy before the house that cuts when this comes back."""
    made = []

    def make(marker: bytes) -> CuttingProxy:
        made.append(CuttingProxy(scene[0].port, marker))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


@contextmanager
def line(scene, port: int, session: str) -> Iterator[ClientConnection]:
    """Open the conversation's socket at a port."""
    live, _, pk = scene
    with connect(
        f"ws://127.0.0.1:{port}/ws/conversations/{pk}/",
        origin=live.url,
        additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
    ) as opened:
        assert "hello" in json.loads(opened.recv(PATIENCE))
        yield opened


def answer(opened: ClientConnection) -> dict:
    """Return the acknowledgement."""
    while "ack" not in (said := json.loads(opened.recv(PATIENCE))):
        pass
    return said


def stored(scene) -> list[int]:
    """Return the numbers in the table."""
    with scene[1].scope():
        return list(ConversationEvent.objects.order_by("seq").values_list("seq", flat=True))


def test_post_whose_answer_was_cut_is_one_message_with_one_number(scene, cut_at, request):
    session = sign_in(scene[1].client.user)
    proxy = cut_at(b'"seq"')
    frame = json.dumps({"post": {"uuid": str(uuid4()), "text": "Written before the tunnel"}})

    with line(scene, proxy.port, session) as cut:
        cut.send(frame)
        with pytest.raises((ConnectionClosed, OSError)):
            answer(cut)
    assert proxy.cut.wait(PATIENCE)
    assert stored(scene) == [1]

    with line(scene, scene[0].port, session) as again:
        again.send(frame)
        assert answer(again)["seq"] == 1
    tell(request, Told("22", doubled=len(stored(scene)) - 1))
    assert stored(scene) == [1]


def post(scene, port: int, session: str, message: dict) -> tuple[int, dict]:
    """Post over HTTP; returns status and body."""
    live, _, pk = scene
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/conversations/{pk}/events",
        data=json.dumps(message).encode(),
        headers={
            "Host": f"localhost:{live.port}",
            "Content-Type": "application/json",
            "X-CSRFToken": TOKEN,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}",
        },
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        return response.status, json.loads(response.read())


def test_post_over_http_whose_answer_was_cut_is_one_message_with_one_number(scene, cut_at, request):
    session = sign_in(scene[1].client.user)
    proxy = cut_at(b"HTTP/1.1 201")
    message = {"uuid": str(uuid4()), "text": "Written before the tunnel"}

    with pytest.raises((urllib.error.URLError, OSError)):
        post(scene, proxy.port, session, message)
    assert stored(scene) == [1]

    status, event = post(scene, scene[0].port, session, message)
    assert (status, event["seq"]) == (200, 1)
    tell(request, Told("22 over HTTP", doubled=len(stored(scene)) - 1))
    assert stored(scene) == [1]
