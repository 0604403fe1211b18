"""Fault 25: a phone stops reading while 10,000 hints come. It costs the server a megabyte at most, the socket is closed
as too slow, which the phone learns when it reads again, and the others notice nothing."""

import json
import socket
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from messaging.models import Conversation
from practice.live import codes
from practice.live.hints import frame, group_channel
from tests.faults.told import Told, tell
from tests.live import Live
from tests.messaging.sockets import say_elsewhere, sign_in, until_listened_to
from tests.people import World, make_world

pytestmark = [pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(280)]
HINTS, MOST, LONG = 10_000, 1_000_000, "x" * 9_000


def line(live: Live, conversation: int, session: str, *, slow: bool = False) -> ClientConnection:
    """Open the conversation's socket; a slow one has a small buffer and reads nothing by itself."""
    wire = socket.socket()
    if slow:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.connect(("127.0.0.1", live.port))
    opened = connect(
        f"ws://127.0.0.1:{live.port}/ws/conversations/{conversation}/",
        sock=wire,
        origin=live.url,
        additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
        compression=None,
        max_queue=1 if slow else None,
        ping_interval=None,
        close_timeout=1,
    )
    return opened.__enter__()


def hints(conversation: int, head: int, count: int) -> None:
    """Publish so many hints at once, as the other processes of a busy house would."""
    pipe = redis.Redis.from_url(settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"]).pipeline(False)
    topic = f"conversation.{conversation}"
    for _each in range(count):
        pipe.publish(group_channel(topic), frame(topic, "events", head))
    pipe.execute()


def memory(live: Live) -> int:
    """Return the web's memory in bytes."""
    pid = live.running["web"].process.pid
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def flood(live: Live, world: World, conversation: int) -> None:
    """300 long messages with 10,000 hints among them."""
    for number in range(300):
        hints(conversation, say_elsewhere(world, conversation, world.therapist, LONG), HINTS // 300)
        if number % 10 == 0:
            time.sleep(0.05)


def read_all(opened: ClientConnection, seconds: float) -> list[dict]:
    """Read until nothing more comes."""
    heard = []
    try:
        while True:
            heard.append(json.loads(opened.recv(seconds)))
    except TimeoutError:
        return heard


def test_phone_that_stops_reading_costs_little_and_learns_why(request, live):
    world = make_world()
    with world.scope():
        pk = Conversation.objects.get(client=world.client).pk
        other = Conversation.objects.get(client=world.second).pk
    reader, quick = line(live, pk, sign_in(world.client.user)), line(live, other, sign_in(world.second.user))
    until_listened_to(f"conversation.{pk}", f"conversation.{other}")
    flood(live, world, pk)
    assert [event["seq"] for said in read_all(reader, 6) for event in said.get("events", [])] == list(range(1, 301))
    before = memory(live)

    slow = line(live, pk, sign_in(world.client.user), slow=True)
    time.sleep(1)
    flood(live, world, pk)
    delays = []
    for _turn in range(5):
        began = time.monotonic()
        seq = say_elsewhere(world, other, world.therapist, LONG)
        while json.loads(quick.recv(5)).get("events", [{}])[-1].get("seq") != seq:
            pass
        delays.append(time.monotonic() - began)
    grown = memory(live) - before
    assert len({event["seq"] for said in read_all(reader, 6) for event in said.get("events", [])}) == 300
    time.sleep(max(0, 11 - sum(delays)))  # ten seconds without reading, counted from when the wire was full

    with pytest.raises(ConnectionClosed):
        read_all(slow, 20)
    tell(request, Told("25", None, more=f"slow socket {grown / 1e6:.2f} MB, others after {max(delays):.2f} s at most"))
    assert slow.protocol.close_rcvd.code == codes.SLOW_READER
    assert grown <= MOST
    assert max(delays) < 1.5
