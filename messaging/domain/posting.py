"""Posting a message. Saying the same thing twice is saying it once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from messaging.domain.storing import Message, Numbers, astore, store
from messaging.domain.words import Refused, tidy
from messaging.events import message_posted
from messaging.models import ConversationEvent
from messaging.queries.membership import JOIN_CLIENT, is_member
from messaging.queries.reading import ShownEvent, shown
from practice.live.executor import database
from practice.people.models import User
from practice.tenancy import scope


class NotInIt(Refused):
    """The author is not in this conversation, or there is none: the two look alike."""


class Closed(Refused):
    """Treatment hasn't begun, was withdrawn from, or has ended: the conversation can be read, not written in."""


class SaidOtherwise(Refused):
    """The same `client_uuid` was posted with another text; `stored` is what stands there."""

    def __init__(self, stored: ShownEvent) -> None:
        super().__init__(_("This message was saved with another text."))
        self.stored = stored


@dataclass(frozen=True)
class Posted:
    """The event as stored; `repeated` when it was there already."""

    event: ShownEvent
    repeated: bool = False


def post(
    *,
    conversation_id: int,
    practice_id: int,
    author: User,
    text: object,
    client_uuid: UUID,
    now: datetime,
    notify: bool = True,
) -> Posted:
    """Return the stored event. The same `client_uuid` again returns the same event and writes nothing.

    `notify` False writes no outbox row (a history made for the demo). Safe to run twice, in or out of a transaction.
    Raises Unsayable, NotInIt, Closed, SaidOtherwise.
    """
    message = Message(conversation_id, practice_id, author, tidy(text), client_uuid, now, notify)
    with scope(practice=practice_id):
        numbers = store(message)
        if numbers is None:
            return _already(message)
    return _posted(message, numbers)


async def apost(
    *, conversation_id: int, practice_id: int, author: User, text: object, client_uuid: UUID, now: datetime
) -> Posted:
    """Do as `post` does, from a socket's loop. Raises Busy and DatabaseError besides."""
    message = Message(conversation_id, practice_id, author, tidy(text), client_uuid, now)
    with scope(practice=practice_id):
        numbers = await astore(message)
        if numbers is None:
            return await database(_already, message)
    return _posted(message, numbers, is_committed=True)


def _posted(message: Message, numbers: Numbers, *, is_committed: bool = False) -> Posted:
    """Announce it, and return it as it is shown."""
    author = message.author
    message_posted.send(
        ConversationEvent,
        conversation_id=message.conversation_id,
        practice_id=message.practice_id,
        head=numbers.seq,
        author_id=author.pk,
        people=numbers.people,
        is_committed=is_committed,
    )
    return Posted(
        ShownEvent(
            numbers.seq, numbers.message_no, author.pk, author.first_name, message.uuid, message.body, message.now
        )
    )


def _already(message: Message) -> Posted:
    """Return what stands under this uuid, or say why nothing does."""
    stored = (
        ConversationEvent.objects.filter(
            conversation_id=message.conversation_id, author=message.author, client_uuid=message.uuid
        )
        .select_related("author")
        .first()
    )
    if stored is None:
        raise _reason(message.conversation_id, message.author)
    if stored.body != message.body:
        raise SaidOtherwise(shown(stored))
    return Posted(shown(stored), repeated=True)


def _reason(conversation_id: int, author: User) -> Refused:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT cl.status FROM messaging_conversation c {JOIN_CLIENT}"  # noqa: S608 - constants of ours
            f" WHERE c.id = %(conversation)s AND {is_member('%(author)s')}",
            {"conversation": conversation_id, "author": author.pk},
        )
        row = cursor.fetchone()
    if row is None:
        return NotInIt(_("This conversation isn't there."))
    if row[0] == "archived":
        return Closed(_("Treatment has ended, so nothing new can be sent. Your words are still here."))
    return Closed(_("This conversation is closed. Your words are still here, so you can copy them."))
