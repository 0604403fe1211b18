"""All sockets of one process, the topics they listen to, and the three loops that keep them truthful.

1. `_listen` takes hints from the channel layer (one channel a process) and gives each to its room.
2. `_subscribe` keeps the layer's groups equal to the rooms that are open; without Redis it tries again each second.
3. `_check` asks the database every five seconds, in one query, what every topic's head is and whether each session
   and membership is still valid. A lost hint, a logout, a removal: nothing stays unnoticed for longer. It asks soon
   after somebody came in too: what a topic's number was then is what a lost hint is noticed by.
"""

import asyncio
import contextlib
import logging
import sys
import weakref
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, Final, TypeVar

from channels.layers import get_channel_layer
from django.db import Error as DatabaseError
from django.utils import timezone

from practice.live.codes import NOT_YOURS, RESTART, SIGN_IN, SLOW_DOWN, TOO_MANY_SOCKETS
from practice.live.direct import close_lines, keep_lines
from practice.live.executor import Busy, database
from practice.live.heads import MEMBERS, Answer, Question, ask
from practice.live.limits import SOCKETS_A_USER
from practice.live.rooms import Listener, Room
from practice.live.visitors import note_uses

CHECK_SECONDS: Final = 5.0
SOON_SECONDS: Final = 0.3
APART_SECONDS: Final = 1.0  # between two checks because people came in: a thousand who return at once cost one a second
RETRY_SECONDS: Final = 1.0
STOP_SECONDS: Final = 5.0
ADMITTED_AT_ONCE: Final = 16  # the others wait outside, so that posts find the database's threads free
NOTED_AT_ONCE: Final = 50
SWITCH_SECONDS: Final = 0.0005
T = TypeVar("T")
log = logging.getLogger(__name__)


class Hub:
    """One an event loop. Its loops run while there is a socket."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.sockets: set[Listener] = set()
        self.by_user: dict[int, list[Listener]] = {}
        self.leaving = False
        self.door = asyncio.Semaphore(ADMITTED_AT_ONCE)
        self.tasks: list[asyncio.Task[None]] = []
        self.changed = asyncio.Event()
        self.soon = asyncio.Event()
        self.looks: asyncio.TimerHandle | None = None
        self.looked = float("-inf")
        self.used: set[str] = set()
        self.writes: set[asyncio.Task[Any]] = set()
        self.channel = ""

    def add(self, socket: Listener) -> None:
        """Count a socket in. The person's oldest is closed when there are too many."""
        self.sockets.add(socket)
        theirs = self.by_user.setdefault(socket.user_id, [])
        theirs.append(socket)
        while len(theirs) > SOCKETS_A_USER:
            theirs.pop(0).close(SLOW_DOWN, TOO_MANY_SOCKETS)
        if not self.tasks:
            keep_lines()
            self.tasks = [asyncio.create_task(loop()) for loop in (self._listen, self._subscribe, self._check)]
        self._look_soon()

    def _look_soon(self) -> None:
        """Let the next check come soon, once for all who come in meanwhile."""
        if self.looks is None:
            loop = asyncio.get_running_loop()
            due = max(loop.time() + SOON_SECONDS, self.looked + APART_SECONDS)
            self.looks = loop.call_at(due, self._look)

    def _look(self) -> None:
        self.looks = None
        self.soon.set()

    def join(self, socket: Listener, kind: str, pk: int, room: Callable[[str, int], Room] = Room) -> Room:
        """Let a socket listen to a topic; returns its room, made when this is the first here."""
        name = f"{kind}.{pk}"
        if name not in self.rooms:
            self.rooms[name] = room(kind, pk)
            self.changed.set()
        self.rooms[name].sockets.add(socket)
        socket.rooms.append(self.rooms[name])
        return self.rooms[name]

    def remove(self, socket: Listener) -> None:
        """Forget a socket, and the rooms that it leaves empty. May be called twice."""
        self.sockets.discard(socket)
        theirs = self.by_user.get(socket.user_id, [])
        if socket in theirs:
            theirs.remove(socket)
        if not theirs:
            self.by_user.pop(socket.user_id, None)
        for room in socket.rooms:
            room.sockets.discard(socket)
            if not room.sockets:
                self.rooms.pop(room.topic, None)
                self.changed.set()
        socket.rooms = []
        if not self.sockets:
            for task in self.tasks:
                task.cancel()
            self.tasks = []
            self.channel = ""  # it ends with the task that listened to it
            close_lines()

    def told(self, topic: str, what: str, n: int) -> None:
        """Take a hint. `recheck` asks for the next check at once, after the transaction that sent it has settled."""
        if what == "recheck":
            asyncio.get_running_loop().call_later(SOON_SECONDS, self.soon.set)
        elif topic in self.rooms:
            self.rooms[topic].heard(what, n)

    def note_use(self, session_key: str) -> None:
        """Write down soon that somebody uses their session, once for all who do meanwhile."""
        if not self.used:
            asyncio.get_running_loop().call_later(SOON_SECONDS, self._note_uses, context=Context())
        self.used.add(session_key)

    def _note_uses(self) -> None:
        in_background(self._write_uses(), self.writes)

    async def _write_uses(self) -> None:
        keys, self.used = sorted(self.used), set()
        for first in range(0, len(keys), NOTED_AT_ONCE):
            with contextlib.suppress(Busy, DatabaseError):  # the next one does it
                await database(note_uses, keys[first : first + NOTED_AT_ONCE], timezone.now())

    async def leave(self, seconds: float = STOP_SECONDS) -> None:
        """Close every socket as restarting, spread over some seconds so that they don't all return at once."""
        self.leaving = True
        waiting = list(self.sockets)
        pause = min(seconds / len(waiting), 0.05) if waiting else 0.0
        for socket in waiting:
            socket.close(RESTART)
            await asyncio.sleep(pause)

    # 1
    async def _listen(self) -> None:
        layer: Any = get_channel_layer()
        while True:
            with contextlib.suppress(Exception):  # Redis is away: the head check works meanwhile
                self.channel = await layer.new_channel("live.")
                _stop_if_cancelled()
                self.changed.set()
                while True:
                    message = await layer.receive(self.channel)
                    self.told(message["topic"], message["what"], message["n"])
            layer.channels.pop(self.channel, None)
            self.channel = ""
            _stop_if_cancelled()
            await asyncio.sleep(RETRY_SECONDS)

    # 2
    async def _subscribe(self) -> None:
        layer: Any = get_channel_layer()
        channel, known = "", set[str]()
        try:
            while True:
                _stop_if_cancelled()
                await self.changed.wait()
                self.changed.clear()
                if channel != self.channel:  # a new one knows no topic yet
                    await _let_go(layer, channel, known)
                    channel, known = self.channel, set()
                if channel:
                    await self._equal(layer, channel, known)
        finally:
            await _let_go(layer, channel, known)

    async def _equal(self, layer: Any, channel: str, known: set[str]) -> None:
        """Make the groups that the channel is in, which are `known`, those of the rooms that are open."""
        try:
            for topic in known - set(self.rooms):
                await layer.group_discard(topic, channel)
                known.discard(topic)
            for topic in set(self.rooms) - known:
                await layer.group_add(topic, channel)
                known.add(topic)
        except Exception:  # the layer raises what redis-py raises, and more
            _stop_if_cancelled()
            log.info("topics not subscribed: Redis is away")
            asyncio.get_running_loop().call_later(RETRY_SECONDS, self.changed.set)

    # 3
    async def _check(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.soon.wait(), CHECK_SECONDS)
            self.soon.clear()
            try:
                await self.check()
            except Exception:  # whatever it was, the next check must come
                log.exception("the live check failed")

    async def check(self) -> None:
        """Ask the database once and act on what it says. When it doesn't answer, nobody is thrown out."""
        asked, self.looked = list(self.sockets), asyncio.get_running_loop().time()
        try:
            answer = await database(ask, self._question(asked))
        except (DatabaseError, Busy) as error:
            log.warning("the live check got no answer: %s", type(error).__name__)
            return
        for socket in asked:
            code = _verdict(socket, answer)
            if code:
                socket.close(code)
        for kind, pk, what, n in answer.heads:
            if room := self.rooms.get(f"{kind}.{pk}"):
                room.found(what, n)

    def _question(self, sockets: list[Listener]) -> Question:
        question = Question({s.session_key for s in sockets}, {s.user_id for s in sockets})
        for room in self.rooms.values():
            question.topics.setdefault(room.kind, set()).add(room.pk)
        for socket in sockets:
            for room in socket.rooms:
                question.pairs.setdefault(room.kind, set()).add((room.pk, socket.user_id))
        return question


async def _let_go(layer: Any, channel: str, topics: set[str]) -> None:
    """Leave the groups: the layer would keep them for ever, and Redis go on telling of them."""
    with contextlib.suppress(Exception):
        for topic in topics:
            await layer.group_discard(topic, channel)


def _stop_if_cancelled() -> None:
    """A Redis client that is just connecting swallows a cancellation, or makes an error of its own of it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _verdict(socket: Listener, answer: Answer) -> int:
    """Return the code to close with, 0 when the socket may stay."""
    mark = answer.users.get(socket.user_id)
    if mark is None or socket.session_key not in answer.sessions:
        return SIGN_IN
    if socket.mark != mark:  # the password was changed meanwhile
        return SIGN_IN
    guarded = {source.kind for source in MEMBERS}
    for room in socket.rooms:
        if room.kind in guarded and (room.pk, socket.user_id) not in answer.pairs.get(room.kind, set()):
            return NOT_YOURS
    return 0


_hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()


def the_hub() -> Hub:
    """Return the hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
        sys.setswitchinterval(SWITCH_SECONDS)  # else the loop waits up to 5 ms for each busy database thread
    return _hubs[loop]


def in_background(
    work: Coroutine[Any, Any, T], kept: "set[asyncio.Task[Any]]", *, context: Context | None = None
) -> "asyncio.Task[T]":
    """Start a task, in this context or the one given, keep a reference until it is done, and return it."""
    task = asyncio.create_task(work, context=context)
    kept.add(task)
    task.add_done_callback(kept.discard)
    return task
