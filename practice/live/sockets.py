"""One open socket: who, what it may send, what waits to be sent, and how it ends.

Nothing here knows a topic. A room subclasses `Socket`, says in `admit` who may come in and in `frame` what it does
with what the browser sends. Frames are JSON objects; anything else closes the socket.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.utils import translation

from practice.live import codes, limits, stopping
from practice.live.executor import Busy, database
from practice.live.heads import mark_of
from practice.live.hub import Hub, the_hub
from practice.live.rooms import Room
from practice.live.visitors import session_key_of, signed_in
from practice.people.models import User

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
RESYNC = json.dumps({"resync": True})
log = logging.getLogger(__name__)


class Socket:
    """The base of every socket of ours."""

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.base_send = send
        self.user: User
        self.user_id = 0
        self.session_key = session_key_of(scope)
        self.mark = 0  # of the password with which the session was valid when it came in
        self.noted = time.monotonic()  # when the session's use was written down; a page did so just before
        self.rooms: list[Room] = []
        self.hub: Hub
        self.queue: deque[str] = deque()
        self.queued = 0  # bytes
        self.wake = asyncio.Event()
        self.drained = asyncio.Event()
        self.ending: tuple[int, str] | None = None

    @classmethod
    def as_asgi(cls) -> Any:
        """Return the application for a route."""

        async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            await cls(scope, receive, send).live()

        app.consumer_class = cls  # type: ignore[attr-defined]
        return app

    def admit(self, user: User) -> None:
        """Find what the socket is about, on a database thread. Raises Turned."""

    def opened(self) -> None:
        """Join rooms and greet."""

    async def frame(self, content: dict[str, Any]) -> None:
        """Do what the browser asks; every socket answers a heartbeat."""
        if "beat" in content:
            self.say(beat=1)

    def note_use(self) -> None:
        """Count what the person just did as a use of their session, once a minute, as a page's post counts."""
        if time.monotonic() - self.noted > limits.NOTED_SECONDS:
            self.noted = time.monotonic()
            self.hub.note_use(self.session_key)

    def push(self, text: str) -> None:
        """Queue a text. A reader who is 64 texts or 384 kB behind is told to read anew instead."""
        if len(self.queue) >= limits.QUEUED or self.queued + len(text) > limits.QUEUED_BYTES:
            self._forget_queue()
            text = RESYNC
        self.queue.append(text)
        self.queued += len(text)
        self.drained.clear()
        self.wake.set()

    def _forget_queue(self) -> None:
        self.queue.clear()
        self.queued = 0

    def say(self, **content: Any) -> None:
        """Queue one JSON object."""
        self.push(json.dumps(content))

    def close(self, code: int, reason: str = "") -> None:
        """End the socket; what is queued is dropped."""
        if self.ending is None:
            self.ending = (code, reason)
            self.wake.set()

    async def live(self) -> None:
        """Run from connect to disconnect."""
        await self.receive()
        await self.base_send({"type": "websocket.accept"})
        self.hub = the_hub()
        stopping.watch(self.hub)
        try:
            await self._come_in()
        except codes.Turned as turned:
            await self._say_goodbye(turned.code, "")
            return
        self.hub.add(self)  # its loops start here: they must not bear this person's number, nor speak their language
        translation.activate(self.user.language)
        structlog.contextvars.bind_contextvars(user=self.user_id, socket=type(self).__name__)
        try:
            self.opened()
            await self._run()
        finally:
            self.hub.remove(self)  # first: who reads slowly may take a minute to learn that it is over
            if self.ending:
                await self._say_goodbye(*self.ending)
            await self.closed()

    async def closed(self) -> None:
        """Do what is left to do once the socket is gone."""

    async def _come_in(self) -> None:
        if self.hub.leaving:
            raise codes.Turned(codes.RESTART)
        try:
            async with asyncio.timeout(limits.ADMIT_SECONDS), self.hub.door:
                self.user = await database(self._admitted)
        except (Busy, DatabaseError, TimeoutError) as error:
            raise codes.Turned(codes.SLOW_DOWN) from error
        self.user_id = self.user.pk

    def _admitted(self) -> User:
        user = signed_in(self.session_key)
        if user is None:
            raise codes.Turned(codes.SIGN_IN)
        self.mark = mark_of(user.password)
        self.admit(user)
        return user

    async def _run(self) -> None:
        both = {asyncio.create_task(self._take_frames()), asyncio.create_task(self._send_frames())}
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _take_frames(self) -> None:
        while True:
            message = await self.receive()
            if message["type"] == "websocket.disconnect":
                return
            content = self._parsed(message)
            if content is not None:
                await self.frame(content)

    def _parsed(self, message: dict[str, Any]) -> dict[str, Any] | None:
        text = message.get("text")
        if text is None:
            self.close(codes.UNSUPPORTED, "text only")
        elif len(text) > limits.FRAME_BYTES or len(text.encode("utf-8", "surrogatepass")) > limits.FRAME_BYTES:
            self.close(codes.TOO_BIG, "a frame holds 64 KiB at most")
        elif limits.frames.wait(self.user_id):
            self.close(codes.SLOW_DOWN, "too many frames")
        else:
            try:
                content = json.loads(text)
            except (ValueError, RecursionError):
                content = None
            if isinstance(content, dict):
                return content
            self.close(codes.UNSUPPORTED, "not a JSON object")
        return None

    async def _send_frames(self) -> None:
        while True:
            await self.wake.wait()
            self.wake.clear()
            try:
                async with asyncio.timeout(limits.SEND_SECONDS) as patience:
                    while self.queue and not self.ending:
                        text = self.queue.popleft()
                        self.queued -= len(text)
                        await self.base_send({"type": "websocket.send", "text": text})
                        if self.queue:
                            patience.reschedule(asyncio.get_running_loop().time() + limits.SEND_SECONDS)
            except TimeoutError:
                self.close(codes.SLOW_READER)
            self.drained.set()
            if self.ending:
                self._forget_queue()
                return

    async def _say_goodbye(self, code: int, reason: str) -> None:
        with contextlib.suppress(Exception):  # the other side may be gone already
            async with asyncio.timeout(limits.GOODBYE_SECONDS):
                await self.base_send({"type": "websocket.close", "code": code, "reason": reason})


class PersonSocket(Socket):
    """`/ws/live/`: hints for whoever is signed in (attention list, something to review, a notice), nothing else."""

    def opened(self) -> None:
        """Listen to the person's own topic."""
        self.hub.join(self, "user", self.user_id)
        self.say(hello=True)


class NowhereSocket(Socket):
    """An address that leads nowhere: accepted, so that the browser learns the code, then closed."""

    async def live(self) -> None:
        """Close at once."""
        await self.receive()
        await self.base_send({"type": "websocket.accept"})
        await self._say_goodbye(codes.NOWHERE, "")
