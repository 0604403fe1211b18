"""`chat-paced`: from a post to the other person's screen, stored, against a Channels echo in rooms at the same rate.

200 sockets in 100 conversations, 300 posts a second, one process each side, in turns. What counts is the p95 of the
time until the *other* socket has it; beside it the time until the author's "saved". Every message must arrive once,
in the same order at both, and stand in the table.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import websockets

from benchmarks.figures import delay
from benchmarks.ground import own_database
from benchmarks.numerals import percentile
from practice.config.stack import application
from practice.config.stack.commands import Command
from practice.config.stack.places import Places
from tests.servers import Folder, Running, start_valkey

CONVERSATIONS, RATE, SECONDS, ROUNDS = 100, 300, 12, 6
WARM = 2
QUICK = {"seconds": 6}
OPTIONS = (
    "--ws",
    "websockets-sansio",
    "--ws-per-message-deflate",
    "false",
    "--lifespan",
    "off",
    "--log-level",
    "warning",
)


@dataclass
class Side:
    """One server: where its sockets are, what a frame to it looks like, and what was measured."""

    name: str
    port: int
    paths: list[tuple[str, str]]  # (path, cookie), two after each other talk to one another
    frame: Callable[[str, str], dict[str, Any]]
    heard: Callable[[dict[str, Any]], list[tuple[str, int]]]  # message ids and numbers in a frame
    sent: dict[str, float] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    again: int = 0
    delays: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    orders: dict[int, list[str]] = field(default_factory=dict)


REDIS: list[Running] = []
"""The Redis of the run, for those that stop it."""


def run(*, seconds: int = SECONDS) -> None:
    """Measure, print."""
    with both_sides() as (bare, product):
        asyncio.run(_measure(bare, product, seconds))
        _say(bare, product)


@contextmanager
def both_sides() -> Iterator[tuple[Side, Side]]:
    """Start the echo and the product with their people, on a database and a Redis of their own."""
    os.environ["TESTING"] = "1"
    with own_database():
        folder = Folder()
        places = Places(folder.path)
        valkey = start_valkey(places)
        REDIS.append(valkey)
        servers: list[Running] = []
        try:
            os.environ["REDIS_URL"] = places.redis_url
            ports = [application.free_port(), application.free_port()]
            os.environ["PORT"] = str(ports[1])
            product = Side("product", ports[1], _people(), _post, _events)
            bare = Side("bare", ports[0], [(f"/ws/room/{n // 2}/", "") for n in range(2 * CONVERSATIONS)], _text, _echo)
            for port, app in ((ports[0], "benchmarks.bare.chat_echo"), (ports[1], "practice.config.asgi")):
                servers.append(_serve(app, port, places.data))
            yield bare, product
        finally:
            for server in servers:
                server.kill()
            valkey.kill()
            folder.remove()


def _serve(app: str, port: int, logs: Path) -> Running:
    argv = (sys.executable, "-m", "uvicorn", f"{app}:application", "--port", str(port), *OPTIONS)
    command = Command(name=app, argv=argv, ready=lambda _pid: application.listens("127.0.0.1", port), grace=5)
    return Running(command, log=logs / f"{app}.log").start()


def _people() -> list[tuple[str, str]]:
    """A hundred therapists with a client each; the sockets' paths and session cookies."""
    from django.conf import settings

    from messaging.models import Conversation
    from practice.accounts.founding import found_practice
    from practice.people.models import Role
    from practice.tenancy import scope
    from tests.messaging.sockets import sign_in
    from tests.people import NOW, make_client, make_staff

    practice = found_practice(name="Elm House", now=NOW)
    made = []
    for number in range(CONVERSATIONS):
        therapist = make_staff(practice, f"T{number} House", Role.THERAPIST)
        client = make_client(practice, f"C{number} Door", therapist)
        with scope(practice=practice):
            path = f"/ws/conversations/{Conversation.objects.get(client=client).pk}/"
        made += [(path, f"{settings.SESSION_COOKIE_NAME}={sign_in(user)}") for user in (client.user, therapist)]
    return made


async def _measure(bare: Side, product: Side, seconds: int) -> None:
    sockets = {side.name: await _connect(side) for side in (bare, product)}
    listeners = [
        asyncio.create_task(_listen(side, number, socket))
        for side in (bare, product)
        for number, socket in enumerate(sockets[side.name])
    ]
    for side in (bare, product):  # warm: plans, keys, first writes of a page
        await _talk(side, sockets[side.name], WARM)
        await asyncio.sleep(1)
        side.delays.clear()
        side.acks.clear()
    for _round in range(ROUNDS):
        for side in (bare, product):
            await _talk(side, sockets[side.name], seconds / ROUNDS)
            await asyncio.sleep(3)
    for task in listeners:
        task.cancel()
    for socket in (*sockets["bare"], *sockets["product"]):
        await socket.close()


async def _connect(side: Side) -> list[Any]:
    origin = f"http://localhost:{side.port}"
    opened = []
    for path, cookie in side.paths:
        url = f"ws://127.0.0.1:{side.port}{path}"
        opened.append(
            await websockets.connect(url, origin=origin, additional_headers={"Cookie": cookie}, compression=None)
        )
    return opened


async def _talk(side: Side, sockets: list[Any], seconds: float, *, rate: int = RATE) -> None:
    """Post at the rate, by turns, on a fixed clock: a slow answer doesn't slow what follows."""
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        place = number % len(sockets)
        uuid = str(uuid4())
        side.sent[uuid] = time.perf_counter()
        text = side.frame(uuid, f"message {number} of this morning, some words long")
        side.frames[uuid] = json.dumps(text)
        await sockets[place].send(side.frames[uuid])


async def _listen(side: Side, number: int, socket: Any) -> None:
    order = side.orders.setdefault(number, [])
    async for text in socket:
        now, content = time.perf_counter(), json.loads(text)
        if "ack" in content:
            side.acks.append(now - side.sent[content["ack"]])
        if "unsaved" in content:  # as the browser does: the same words, the same uuid, a little later
            side.again += 1
            wait, frame = content["wait"], side.frames[content["unsaved"]]
            asyncio.get_running_loop().call_later(wait, lambda text=frame: asyncio.ensure_future(socket.send(text)))
        for uuid, author in side.heard(content):
            order.append(uuid)
            if author != number % 2:
                side.delays.append(now - side.sent[uuid])


def _post(uuid: str, text: str) -> dict[str, Any]:
    return {"post": {"uuid": uuid, "text": text}}


def _text(uuid: str, text: str) -> dict[str, Any]:
    return {"uuid": uuid, "text": text}


def _events(content: dict[str, Any]) -> list[tuple[str, int]]:
    """Clients and therapists were made in turns, each after the other: the user's number says which it is."""
    events = [content["event"]] if "event" in content else content.get("events", [])
    return [(event["uuid"], 0 if event["name"].startswith("C") else 1) for event in events]


def _echo(content: dict[str, Any]) -> list[tuple[str, int]]:
    return [(content["uuid"], -1)]


def _say(bare: Side, product: Side) -> None:
    lost, unheard, doubled, astray = faults_of(product)
    delay(
        "chat-paced", product=_p95(product.delays), bare=_p95(bare.delays), hold=3, aim=2,
        zero={"lost": lost, "unheard": unheard, "doubled": doubled, "out_of_order": astray},
        saved_p95=f"{_p95(product.acks):.1f}ms", posts=len(product.sent), again=product.again,
    )  # fmt: skip


def faults_of(product: Side) -> tuple[int, int, int, int]:
    """Return how many were lost, not heard by one of the two, doubled, and how many conversations lack one order."""
    stored = _stored()
    lost = len(set(product.sent) - set(stored))
    unheard = 2 * len(stored) - len(set(_all(product)))
    doubled = sum(len(order) - len(set(order)) for order in product.orders.values()) + len(stored) - len(set(stored))
    astray = sum(product.orders[n] != product.orders[n + 1] for n in range(0, 2 * CONVERSATIONS, 2))
    return lost, unheard, doubled, astray


def _all(side: Side) -> list[tuple[int, str]]:
    return [(number, uuid) for number, order in side.orders.items() for uuid in order]


def _stored() -> list[str]:
    from messaging.models import ConversationEvent
    from practice.tenancy import every_practice

    with every_practice("a benchmark counts"):
        return [str(uuid) for uuid in ConversationEvent.objects.values_list("client_uuid", flat=True)]


def _p95(values: list[float]) -> float:
    """Return milliseconds."""
    return percentile(values, 0.95) * 1000
