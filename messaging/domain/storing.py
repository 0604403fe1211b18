"""How a message is stored: one statement does all of it, so that no other order of its parts can be seen.

1. Is the author in the conversation, and is it open? (`queries/membership.py`; a test compares it with `rules.py`.)
2. Was this `client_uuid` posted already? Then nothing is written.
3. `head + 1` under the row's lock, so numbers are gapless in commit order; the event; the author's own read cursor.
4. For everyone else who hasn't been told since they last read: one row in the outbox, ten minutes from now.
   It never expires, for there is no second one: what is unread stays worth telling of, and reading takes it back.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from messaging.models.conversation import EventKind, event_place
from messaging.queries.membership import IS_OPEN, JOIN_CLIENT, ON_CARE_TEAM, is_member
from practice.contributions import NOTIFICATION_KINDS
from practice.live.direct import Statement, Unreachable
from practice.live.executor import database
from practice.notifications.models import Channel
from practice.people.models import User
from practice.vault import Address, CannotOpen, is_at_hand, seal

MAIL_AFTER: Final = timedelta(minutes=10)
SUBJECT_CONVERSATION: Final = 20
TO_CLIENT, TO_STAFF = "message", "message-for-staff"


@dataclass(frozen=True)
class Message:
    """What somebody wants to say, tidied, and where."""

    conversation_id: int
    practice_id: int
    author: User
    body: str
    uuid: UUID
    now: datetime
    notify: bool = True

    @property
    def owner(self) -> Address:
        """Return whose key seals it."""
        return ("conversation", self.conversation_id)


class Numbers(NamedTuple):
    """What the statement gives back: the event's numbers, and everyone in the conversation."""

    seq: int
    message_no: int
    people: list[int]


POST: Final = f"""
WITH member AS (
    SELECT c.id, c.practice_id, cl.id AS client_id, cl.user_id AS client_user
    FROM messaging_conversation c {JOIN_CLIENT}
    WHERE c.id = %(conversation)s AND c.practice_id = %(practice)s AND {IS_OPEN} AND {is_member("%(author)s")}
      AND NOT EXISTS (
        SELECT 1 FROM messaging_conversationevent
        WHERE conversation_id = c.id AND author_id = %(author)s AND client_uuid = %(uuid)s)
), moved AS (
    UPDATE messaging_conversation c
    SET head = c.head + 1, message_no = c.message_no + 1, last_at = %(now)s,
        waiting_since = CASE WHEN member.client_user = %(author)s THEN coalesce(c.waiting_since, %(now)s) END
    FROM member WHERE c.id = member.id
    RETURNING c.id, c.practice_id, c.client_id, c.head, c.message_no, member.client_user
), written AS (
    INSERT INTO messaging_conversationevent
        (practice_id, conversation_id, seq, message_no, kind, author_id, client_uuid, body, created_at)
    SELECT practice_id, id, head, message_no, {EventKind.MESSAGE.value}, %(author)s, %(uuid)s, %(body)s, %(now)s
    FROM moved
    RETURNING seq, message_no
), own AS (
    INSERT INTO messaging_participant AS p
        (practice_id, conversation_id, user_id, from_seq, read_seq, read_message_no, read_at)
    SELECT practice_id, id, %(author)s, 1, head, message_no, %(now)s FROM moved
    ON CONFLICT (conversation_id, user_id) DO UPDATE
    SET read_seq = greatest(p.read_seq, excluded.read_seq),
        read_message_no = greatest(p.read_message_no, excluded.read_message_no), read_at = excluded.read_at
), people AS (
    SELECT c.client_user AS person, %(client_kind)s::smallint AS kind FROM moved c
    UNION
    SELECT team.user_id, %(staff_kind)s::smallint
    FROM moved c JOIN clients_client cl ON cl.id = c.client_id
    CROSS JOIN LATERAL ({ON_CARE_TEAM}) AS team
), mail AS (
    INSERT INTO practice_notification
        (practice_id, user_id, kind, channel, subject_type, subject_id, generation, priority,
         not_before, expires_at, status, attempts, created_at)
    SELECT c.practice_id, people.person, people.kind, told.channel, {SUBJECT_CONVERSATION}, c.id,
           coalesce(p.read_message_no, 0), %(priority)s, %(mail_at)s, NULL, 1, 0, %(now)s
    FROM moved c CROSS JOIN people
    LEFT JOIN messaging_participant p ON p.conversation_id = c.id AND p.user_id = people.person
    JOIN practice_userchannel told ON told.user_id = people.person AND told.channel = {Channel.EMAIL.value}
      AND told.kind = CASE WHEN EXISTS (
            SELECT 1 FROM practice_userchannel own WHERE own.user_id = people.person AND own.kind = people.kind)
          THEN people.kind ELSE 0 END
    WHERE %(notify)s AND people.person <> %(author)s
    ON CONFLICT DO NOTHING
)
SELECT seq, message_no, ARRAY(SELECT person FROM people) FROM written
"""  # noqa: S608 - constants of ours; values are bound
POST_DIRECTLY: Final = Statement(
    POST,
    conversation="bigint",
    practice="bigint",
    author="bigint",
    uuid="uuid",
    body="bytea",
    now="timestamptz",
    notify="boolean",
    client_kind="smallint",
    staff_kind="smallint",
    priority="smallint",
    mail_at="timestamptz",
)


def store(message: Message) -> Numbers | None:
    """Return the event's numbers; None when nothing was written. In or out of a transaction."""
    values = _values(message)
    if values is None:
        return None
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            cursor.execute(POST, values)
            return _numbers(cursor.fetchone())
    except IntegrityError:  # the same uuid at the same moment: the other one wrote it
        return None


async def astore(message: Message) -> Numbers | None:
    """Do as `store` does, from a socket's loop: a thread is asked only for a key that isn't at hand, and when the loop
    finds no connection of its own (its driver doesn't know the way, or PostgreSQL gives out no more).

    Raises Busy and DatabaseError.
    """
    values = _values(message) if is_at_hand(message.owner) else await database(_values, message)
    if values is None:
        return None
    try:
        return _numbers(await POST_DIRECTLY.row(values))
    except IntegrityError:
        return None
    except Unreachable:
        return await database(store, message)


def _values(message: Message) -> dict[str, Any] | None:
    place = event_place(message.conversation_id, message.author.pk, str(message.uuid))
    try:
        sealed = seal(message.owner, place, message.body)
    except CannotOpen:  # no such conversation, or its key was destroyed with it
        return None
    return {
        "conversation": message.conversation_id,
        "practice": message.practice_id,
        "author": message.author.pk,
        "uuid": message.uuid,
        "body": sealed,
        "now": message.now,
        "notify": message.notify,
        "client_kind": NOTIFICATION_KINDS[TO_CLIENT].number,
        "staff_kind": NOTIFICATION_KINDS[TO_STAFF].number,
        "priority": NOTIFICATION_KINDS[TO_CLIENT].priority,
        "mail_at": message.now + MAIL_AFTER,
    }


def _numbers(row: Sequence[Any] | None) -> Numbers | None:
    return Numbers(*row) if row else None
