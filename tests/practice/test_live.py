"""The sockets' ground: threads that keep their connection, slow readers, hints in any order, a graceful stop."""

import asyncio
import json
import random
import signal
import threading
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from messaging.consumers import ConversationRoom
from messaging.domain.posting import post
from messaging.models import Conversation
from practice.live import codes, executor, limits
from practice.live.executor import Busy, DatabaseThreads, database
from practice.live.sockets import RESYNC, Socket
from tests.faults.told import Told, tell
from tests.live import Live
from tests.messaging.sockets import sign_in
from tests.people import NOW, make_world


def backend() -> int:
    """Return the number of this thread's server process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def one_thread(transactional_db):
    threads = DatabaseThreads(threads=1, waiting=3)
    yield threads
    threads.close()


def test_thread_keeps_its_connection_and_has_its_limits(one_thread):
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    async def scene():
        return [await one_thread(backend), await one_thread(backend)], await one_thread(limit)

    (first, second), timeout = asyncio.run(scene())
    assert (first == second, timeout) == (True, "3s")


def end(process: int) -> None:
    """Cut another connection off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 30000)", [process])  # and wait until it is gone


def test_broken_connection_is_replaced_and_the_work_runs_again(one_thread):
    other = DatabaseThreads(threads=1)

    async def scene():
        before = await one_thread(backend)
        await other(end, before)
        return before, await one_thread(backend)

    before, after = asyncio.run(scene())
    other.close()
    assert before != after


def test_error_of_the_work_itself_comes_straight_back(one_thread):
    runs = []

    def fails() -> None:
        runs.append(1)
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        asyncio.run(one_thread(fails))
    assert runs == [1]


def test_too_much_waiting_is_busy(one_thread):
    gate = threading.Event()

    async def scene():
        waiting = [asyncio.ensure_future(one_thread(gate.wait, 5)) for _ in range(3)]
        await asyncio.sleep(0.1)
        try:
            with pytest.raises(Busy):
                await one_thread(backend)
        finally:
            gate.set()
            await asyncio.gather(*waiting)

    asyncio.run(scene())


def test_work_that_takes_too_long_is_busy_and_what_waits_behind_it_is_dropped(one_thread, monkeypatch):
    monkeypatch.setattr(executor, "LIMIT_SECONDS", 0.2)
    gate, ran = threading.Event(), []

    async def scene():
        late = [one_thread(gate.wait, 5), one_thread(ran.append, 1)]
        try:
            return await asyncio.gather(*late, return_exceptions=True)
        finally:
            gate.set()

    assert [type(each) for each in asyncio.run(scene())] == [Busy, Busy]
    one_thread.close()
    assert (ran, one_thread.count) == ([], 0)


@pytest.mark.fault
def test_slow_reader_is_told_to_read_anew_and_closed(monkeypatch):
    """Fault 25: who stops reading keeps a small queue and loses the socket; nobody else notices."""
    monkeypatch.setattr(limits, "SEND_SECONDS", 0.3)
    sent = []

    async def stuck(message):
        sent.append(message)
        if message["type"] == "websocket.send":
            await asyncio.sleep(60)

    async def scene():
        socket = Socket({"headers": []}, asyncio.Event().wait, stuck)
        writer = asyncio.create_task(socket._send_frames())
        for number in range(10_000):
            socket.push(json.dumps({"hint": number}))
        assert len(socket.queue) <= limits.QUEUED
        assert RESYNC in socket.queue
        await asyncio.wait_for(writer, 30)
        return socket.ending

    assert asyncio.run(scene()) == (codes.SLOW_READER, "")
    assert [message["type"] for message in sent] == ["websocket.send"]


def test_queue_is_bounded_by_its_size_too():
    socket = Socket({"headers": []}, asyncio.Event().wait, asyncio.Event().wait)
    for _each in range(limits.QUEUED - 1):
        socket.push("x" * limits.PIECE_BYTES)
    assert sum(len(text) for text in socket.queue) <= limits.QUEUED_BYTES
    assert RESYNC in socket.queue


class Ear:
    """A socket that notes what it is told."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def push(self, text: str) -> None:
        self.heard += [event["seq"] for event in json.loads(text).get("events", [])]


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hints_reordered_doubled_and_dropped_lose_and_double_nothing(request, seed):
    """Fault 24: whatever becomes of the hints, each event is told once and in order."""
    world = make_world()
    with world.scope():
        pk = Conversation.objects.get(client=world.client).pk
    for number in range(30):
        post(
            conversation_id=pk,
            practice_id=world.practice.pk,
            author=world.client.user,
            text=f"{number}",
            client_uuid=uuid4(),
            now=NOW,
        )
    chance = random.Random(seed)
    hints = [n for n in range(1, 31) for _ in range(2) if chance.random() > 0.3]
    chance.shuffle(hints)

    async def scene():
        room, ear = ConversationRoom("conversation", pk, practice_id=world.practice.pk, head=0), Ear()
        room.sockets.add(ear)
        for n in hints:
            room.heard("events", n)
            await asyncio.sleep(chance.random() / 200)
        room.found("events", 30)  # the check every five seconds
        async with asyncio.timeout(30):
            while len(ear.heard) < 30:
                await asyncio.sleep(0.02)
        return ear.heard

    try:
        heard = asyncio.run(scene())
        tell(request, Told("24", seed, 30 - len(set(heard)), len(heard) - len(set(heard))))
        assert heard == list(range(1, 31))
    finally:
        database.close()


@pytest.mark.fault
@pytest.mark.timeout(120)
def test_graceful_stop_tells_sockets_that_it_restarts(live: Live):
    world = make_world()
    cookie = f"{settings.SESSION_COOKIE_NAME}={sign_in(world.client.user)}"
    url = f"ws://127.0.0.1:{live.port}/ws/live/"
    with connect(url, origin=live.url, additional_headers={"Cookie": cookie}) as line:
        assert "hello" in line.recv(30)
        live.running["web"].process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            line.recv(30)

    assert closed.value.rcvd.code == codes.RESTART
    live.running["web"].process.wait(30)
