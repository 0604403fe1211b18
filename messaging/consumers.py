"""The socket of one conversation: hints in, events out, posts answered by the database.

From the browser: `{"post": {"uuid", "text"}}`, `{"after": seq}`, `{"read": seq}`, `{"beat": n}`.
To the browser: `{"hello": {"epoch", "head"}}`, `{"events": […]}`, `{"ack": uuid, "seq": n, "event": {…}}`,
`{"refused": uuid, "why", "detail", …}`, `{"unsaved": uuid, "wait": seconds}`, `{"resync": true}`, `{"hint": what}`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import Context
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import Http404
from django.utils import timezone

from messaging.access import conversation_anywhere
from messaging.domain.looking import note_listening
from messaging.domain.marking import mark_read
from messaging.domain.posting import Closed, NotInIt, SaidOtherwise, apost
from messaging.domain.words import Refused
from messaging.queries.reading import PAGE, ShownEvent, events_after
from messaging.serializers.events import event_json
from practice.live import codes, limits
from practice.live.epoch import epoch
from practice.live.executor import LIMIT_SECONDS, Busy, database
from practice.live.hub import in_background
from practice.live.rooms import Listener, Room
from practice.live.sockets import Socket
from practice.people.models import User
from practice.tenancy import scope

READ_SECONDS: Final = 2.0
READ_AGAIN_SECONDS: Final = 5.0
AGAIN_SECONDS: Final = 1.0
EVENTS: Final = "events"
LONG_TEXT: Final = 1_000


class ConversationRoom(Room):
    """The sockets of one conversation in this process. A higher head costs one range read, shared by all of them."""

    def __init__(self, kind: str, pk: int, *, practice_id: int, head: int) -> None:
        super().__init__(kind, pk)
        self.practice_id = practice_id
        self.known[EVENTS] = head
        self.wanted = head
        self.reading = False
        self.turn = asyncio.Lock()
        self.tasks: set[asyncio.Task[None]] = set()

    def heard(self, what: str, n: int) -> None:
        """Read on when the head is higher than what was passed on; anything else is only passed on."""
        if what != EVENTS:
            self.tell(json.dumps({"hint": what}))
            return
        self.wanted = max(self.wanted, n)
        self._read_if_behind()

    def _read_if_behind(self) -> None:
        """Start reading, unless somebody here is writing: then the news is most likely theirs, and comes by itself."""
        if self.wanted > self.known[EVENTS] and not self.reading and not self.turn.locked():
            self.reading = True
            in_background(self._read_on(), self.tasks, context=Context())  # for all: nobody's language, nobody's number

    def found(self, what: str, n: int) -> None:
        """Take the head check's number as a hint."""
        if what == EVENTS:
            self.heard(what, n)
        else:
            super().found(what, n)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Let one socket of this process store at a time: the others would wait for the same row, each with a
        connection. Raises Busy when waiting and storing take longer than six seconds together.
        """
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                await self.turn.acquire()
                try:
                    yield
                finally:
                    self.turn.release()
                    self._read_if_behind()
        except TimeoutError as late:
            raise Busy from late

    def wrote(self, seq: int, text: str, by: Listener) -> bool:
        """Pass on to the others what a socket of this process just stored, if it is the next in order.

        Returns whether it was. If not, it is read soon, with what comes before it.
        """
        self.wanted = max(self.wanted, seq)
        if seq != self.known[EVENTS] + 1 or self.reading:
            return False
        self.known[EVENTS] = seq
        self.tell(text, but=by)
        return True

    async def _read_on(self) -> None:
        try:
            while self.sockets and self.wanted > self.known[EVENTS]:
                await self._read_page()
        finally:
            self.reading = False

    async def _read_page(self) -> None:
        wanted = self.wanted
        try:
            events, texts = await database(_page, self.practice_id, self.pk, self.known[EVENTS])
        except (Busy, DatabaseError):
            await asyncio.sleep(AGAIN_SECONDS)
            return
        if events:
            self.known[EVENTS] = events[-1].seq
            for text in texts:
                self.tell(text)
        elif self.wanted == wanted:
            self.wanted = self.known[EVENTS]  # the head went back: another history, the browser sees by its epoch


class ConversationSocket(Socket):
    """`/ws/conversations/<id>/`. It also carries the person's own hints, so that a page needs one socket."""

    room: ConversationRoom

    def admit(self, user: User) -> None:
        """Find the conversation; who isn't in it learns nothing more than that. Listening is reading: it is noted."""
        try:
            self.conversation = conversation_anywhere(user, int(self.scope["url_route"]["kwargs"]["conversation_id"]))
        except Http404 as gone:
            raise codes.Turned(codes.NOT_YOURS) from gone
        note_listening(place=self.conversation, by=user, now=timezone.now())
        self.epoch = epoch()
        self.read_wanted = self.read_done = 0

    def opened(self) -> None:
        """Listen first, then say how far the conversation is: what comes meanwhile is not missed."""
        conversation = self.conversation
        make = partial(ConversationRoom, practice_id=conversation.practice_id, head=conversation.head)
        room = self.hub.join(self, "conversation", conversation.pk, make)
        assert isinstance(room, ConversationRoom)  # noqa: S101 - told to the type checker
        self.room = room
        self.hub.join(self, "user", self.user_id)
        self.say(hello={"epoch": self.epoch, "head": max(conversation.head, room.known[EVENTS])})
        room.heard(EVENTS, conversation.head)

    async def frame(self, content: dict[str, Any]) -> None:
        """Do what the browser asks."""
        if isinstance(content.get("post"), dict):
            await self._post(content["post"])
        elif _is_number(content.get("after")):
            await self._resend(content["after"])
        elif _is_number(content.get("read")):
            self._note_read(content["read"])
        elif "beat" in content:
            await super().frame(content)
        else:
            self.close(codes.UNSUPPORTED, "unknown frame")

    async def _post(self, message: dict[str, Any]) -> None:
        uuid = _uuid(message.get("uuid"))
        if uuid is None:
            self.close(codes.UNSUPPORTED, "a message has a uuid")
            return
        if wait := limits.posts.wait(self.user_id):
            self.say(unsaved=str(uuid), wait=round(wait, 1))
            return
        # What was begun comes to its end, whatever becomes of this socket meanwhile: the others wait to hear of it.
        if await asyncio.shield(in_background(self._answer(message.get("text"), uuid), self.room.tasks)):
            self.note_use()

    async def _answer(self, said: object, uuid: UUID) -> bool:
        """Store it and say what came of it. Returns whether it stands."""
        try:
            async with self.room.writing():
                event = await self._store(said, uuid)
                shown = await _shown(event)
                is_next = self.room.wrote(event.seq, f'{{"events": [{shown}]}}', by=self)
        except (Busy, DatabaseError):
            self.say(unsaved=str(uuid), wait=AGAIN_SECONDS)
        except NotInIt:
            self.close(codes.NOT_YOURS)
        except SaidOtherwise as other:
            self.say(refused=str(uuid), why="otherwise", detail=str(other), stored=event_json(other.stored))
        except Refused as refused:
            why = "closed" if isinstance(refused, Closed) else "text"
            self.say(refused=str(uuid), why=why, detail=str(refused))
        else:
            known = f', "event": {shown}' if is_next else ""
            self.push(f'{{"ack": "{uuid}", "seq": {event.seq}{known}}}')
            return True
        return False

    async def _store(self, text: object, uuid: UUID) -> ShownEvent:
        posted = await apost(
            conversation_id=self.conversation.pk,
            practice_id=self.conversation.practice_id,
            author=self.user,
            text=text,
            client_uuid=uuid,
            now=timezone.now(),
        )
        return posted.event

    async def _resend(self, after: int) -> None:
        """Send what is above `after` to this socket alone, page by page as it is read."""
        while True:
            try:
                events, texts = await database(_page, self.conversation.practice_id, self.conversation.pk, after)
            except (Busy, DatabaseError):
                self.push(json.dumps({"resync": True}))
                return
            if not events:
                return
            for text in texts:
                self.push(text)
                await self.drained.wait()
            after = events[-1].seq
            if len(events) < PAGE:
                return

    def _note_read(self, seq: int) -> None:
        """Keep the cursor for two seconds, so that scrolling costs one write."""
        if seq > self.read_wanted:
            if self.read_wanted == self.read_done:
                asyncio.get_running_loop().call_later(READ_SECONDS, self._save_read_later)
            self.read_wanted = seq

    def _save_read_later(self) -> None:
        in_background(self._save_read(), self.room.tasks)

    async def _save_read(self) -> None:
        if self.read_wanted == self.read_done:
            return
        before, self.read_done = self.read_done, self.read_wanted
        try:
            await database(
                mark_read,
                conversation_id=self.conversation.pk,
                practice_id=self.conversation.practice_id,
                user=self.user,
                seq=self.read_done,
                now=timezone.now(),
            )
        except (Busy, DatabaseError):
            self.read_done = before
            if self in self.hub.sockets:  # else the next page says it again
                asyncio.get_running_loop().call_later(READ_AGAIN_SECONDS, self._save_read_later)

    async def closed(self) -> None:
        """Save a cursor that still waits."""
        await self._save_read()


def _page(practice_id: int, conversation_id: int, after: int) -> tuple[list[ShownEvent], list[str]]:
    with scope(practice=practice_id):
        events = events_after(conversation_id=conversation_id, after=after)
    return events, _texts(events)


def _texts(events: Iterable[ShownEvent]) -> list[str]:
    """Return the frames that tell of these events, none much larger than 64 kB."""
    pieces: list[list[str]] = []
    size = limits.PIECE_BYTES
    for event in events:
        text = _as_json(event)
        if size + len(text) > limits.PIECE_BYTES:
            pieces.append([])
            size = 0
        pieces[-1].append(text)
        size += len(text)
    return [f'{{"events": [{", ".join(piece)}]}}' for piece in pieces]


async def _shown(event: ShownEvent) -> str:
    """Return an event as JSON. A long text is marked up beside the loop: the worst takes a tenth of a second."""
    if len(event.text) > LONG_TEXT:
        return await asyncio.to_thread(_as_json, event)
    return _as_json(event)


def _as_json(event: ShownEvent) -> str:
    return json.dumps(event_json(event))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
