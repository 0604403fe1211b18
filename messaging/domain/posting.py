"""Posting a message: one statement does all of it, and saying the same thing twice is saying it once.

1. Is the author in the conversation, and is it open? (`queries/membership.py`; a test compares it with `rules.py`.)
2. Was this `client_uuid` posted already? Then nothing is written.
3. `head + 1` under the row's lock, so numbers are gapless in commit order; the event; the author's own read cursor.
4. For everyone else who hasn't been told since they last read: one row in the outbox, ten minutes from now.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from messaging.domain.words import Refused, tidy
from messaging.events import message_posted
from messaging.models import ConversationEvent
from messaging.models.conversation import EventKind, event_place
from messaging.queries.membership import IS_OPEN, JOIN_CLIENT, ON_CARE_TEAM, is_member
from messaging.queries.reading import ShownEvent, shown
from practice.contributions import NOTIFICATION_KINDS
from practice.live.prepared import Prepared
from practice.notifications.models import Channel
from practice.people.models import User
from practice.tenancy import scope
from practice.vault import CannotOpen, seal

MAIL_AFTER: Final = timedelta(minutes=10)
MAIL_UNTIL: Final = timedelta(hours=24)
SUBJECT_CONVERSATION: Final = 20
TO_CLIENT, TO_STAFF = "message", "message-for-staff"


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
           coalesce(p.read_message_no, 0), %(priority)s, %(mail_at)s, %(mail_until)s, 1, 0, %(now)s
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
    body = tidy(text)
    with scope(practice=practice_id):
        values = _values(
            conversation=conversation_id,
            practice=practice_id,
            author=author,
            body=body,
            uuid=client_uuid,
            now=now,
            notify=notify,
        )
        row = _write(values) if values else None
        if row is None:
            return _already(conversation_id, author, body, client_uuid)
    seq, message_no, people = row
    event = ShownEvent(seq, message_no, author.pk, author.first_name, client_uuid, body, now)
    message_posted.send(
        ConversationEvent,
        conversation_id=conversation_id,
        practice_id=practice_id,
        head=seq,
        author_id=author.pk,
        people=people,
    )
    return Posted(event)


def _values(
    *, conversation: int, practice: int, author: User, body: str, uuid: UUID, now: datetime, notify: bool
) -> dict[str, Any] | None:
    place = event_place(conversation, author.pk, str(uuid))
    try:
        sealed = seal(("conversation", conversation), place, body)
    except CannotOpen:  # no such conversation, or its key was destroyed with it
        return None
    return {
        "conversation": conversation,
        "practice": practice,
        "author": author.pk,
        "uuid": uuid,
        "body": sealed,
        "now": now,
        "notify": notify,
        "client_kind": NOTIFICATION_KINDS[TO_CLIENT].number,
        "staff_kind": NOTIFICATION_KINDS[TO_STAFF].number,
        "priority": NOTIFICATION_KINDS[TO_CLIENT].priority,
        "mail_at": now + MAIL_AFTER,
        "mail_until": now + MAIL_UNTIL,
    }


def _write(values: dict[str, Any]) -> Sequence[Any] | None:
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            row: Sequence[Any] | None = _statement().run(cursor, values)
            return row
    except IntegrityError:  # the same uuid at the same moment: the other one wrote it
        return None


@cache
def _statement() -> Prepared:
    """Return the statement, planned once a connection: planning it costs more than running it."""
    return Prepared(
        "messaging_post",
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
        mail_until="timestamptz",
    )


def _already(conversation_id: int, author: User, body: str, uuid: UUID) -> Posted:
    """Return what stands under this uuid, or say why nothing does."""
    stored = (
        ConversationEvent.objects.filter(conversation_id=conversation_id, author=author, client_uuid=uuid)
        .select_related("author")
        .first()
    )
    if stored is None:
        raise _reason(conversation_id, author)
    if stored.body != body:
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
