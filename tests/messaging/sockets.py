"""Sockets in tests: our own application in this process, spoken to without a network.

`channels.testing` imports daphne for a server that we don't use, so two of its modules are stubbed.
"""

import asyncio
import json
import sys
import time
import types
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from messaging.domain.posting import post
from practice.accounts.session_store import SessionStore
from practice.live.hints import group_channel
from practice.people.models import User
from tests.people import World

for name in ("daphne", "daphne.testing", "daphne.server", "daphne.endpoints"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["daphne.testing"].DaphneProcess = object  # type: ignore[attr-defined]
sys.modules["daphne.server"].Server = object  # type: ignore[attr-defined]
sys.modules["daphne.endpoints"].build_endpoint_description_strings = lambda **_: []  # type: ignore[attr-defined]

from channels.testing import WebsocketCommunicator  # noqa: E402

from practice.live.routing import sockets  # noqa: E402
from practice.permissions.second_factor import prove  # noqa: E402

ORIGIN = settings.SOCKET_ORIGINS[0]
PATIENCE = 30.0  # seconds: the machine may be busy


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scene in a loop of its own."""
    asyncio.run(scene())


def sign_in(user: User, *, proven: bool = True) -> str:
    """Return the key of a new session of this user, signed in by a second factor too unless told otherwise."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if proven:
        prove(session)
    session.create()
    return str(session.session_key)


def say_elsewhere(world: World, pk: int, author: User, text: str) -> int:
    """Store a message as another process does, and return its number: the hint comes by the layer."""
    return post(
        conversation_id=pk,
        practice_id=world.practice.pk,
        author=author,
        text=text,
        client_uuid=uuid4(),
        now=timezone.now(),
    ).event.seq


def until_listened_to(*topics: str, seconds: float = 60) -> None:
    """Wait until a process has subscribed to each of these topics: from then on a hint arrives."""
    channels = [group_channel(topic) for topic in topics]
    deadline = time.monotonic() + seconds
    with redis.Redis.from_url(settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"]) as server:
        while not all(count for _channel, count in server.pubsub_numsub(*channels)):
            assert time.monotonic() < deadline, f"nobody listens to all of {topics}"
            time.sleep(0.02)


class Line:
    """One browser's socket."""

    def __init__(self, path: str, session: str = "", origin: str | None = ORIGIN) -> None:
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())]
        if origin:
            headers.append((b"origin", origin.encode()))
        self.wire = WebsocketCommunicator(sockets(), path, headers=headers)

    async def open(self) -> bool:
        """Connect; returns whether the handshake was accepted."""
        accepted, _ = await self.wire.connect(timeout=PATIENCE)
        return bool(accepted)

    async def say(self, **content: Any) -> None:
        """Send a JSON object."""
        await self.wire.send_to(text_data=json.dumps(content))

    async def raw(self, text: str | None = None, data: bytes | None = None) -> None:
        """Send what a broken or hostile browser would."""
        await self.wire.send_to(text_data=text, bytes_data=data)

    async def hear(self, *keys: str, timeout: float = PATIENCE) -> dict[str, Any]:
        """Return the next frame with one of these keys (any frame when none is named)."""
        async with asyncio.timeout(timeout):
            while True:
                message = await self.wire.receive_output(timeout)
                if message["type"] == "websocket.close":
                    raise AssertionError(f"closed: {message.get('code')}")
                content: dict[str, Any] = json.loads(message["text"])
                if not keys or set(keys) & set(content):
                    return content

    async def ended(self, timeout: float = PATIENCE) -> int:
        """Wait until the server closes; returns the code."""
        async with asyncio.timeout(timeout):
            while True:
                message = await self.wire.receive_output(timeout)
                if message["type"] == "websocket.close":
                    return int(message["code"])

    async def leave(self) -> None:
        """Go away."""
        await self.wire.disconnect()
