"""How far someone has read, and that a conversation needs no answer."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from messaging.domain.storing import SUBJECT_CONVERSATION
from messaging.events import conversation_read
from messaging.models import Conversation, Participant
from practice.audit import record
from practice.notifications.statements import PART
from practice.people.models import User
from practice.tenancy import scope

READ: Final = f"""
WITH seen AS (
    SELECT e.practice_id, e.conversation_id, e.seq, e.message_no
    FROM messaging_conversationevent e
    WHERE e.conversation_id = %(conversation)s AND e.practice_id = %(practice)s AND e.seq <= %(seq)s
    ORDER BY e.seq DESC LIMIT 1
), moved AS (
    INSERT INTO messaging_participant AS p
        (practice_id, conversation_id, user_id, from_seq, read_seq, read_message_no, read_at)
    SELECT practice_id, conversation_id, %(user)s, 1, seq, message_no, %(now)s FROM seen
    ON CONFLICT (conversation_id, user_id) DO UPDATE
    SET read_seq = excluded.read_seq, read_message_no = greatest(p.read_message_no, excluded.read_message_no),
        read_at = excluded.read_at
    WHERE p.read_seq < excluded.read_seq
    RETURNING read_seq, read_message_no
), hushed AS (
    UPDATE practice_notification n SET status = 8, last_error = 'read', done_at = %(now)s, lease_token = NULL
    FROM moved
    WHERE n.subject_type = {SUBJECT_CONVERSATION} AND n.subject_id = %(conversation)s AND n.user_id = %(user)s
      AND n.status IN (1, 2) AND n.generation < moved.read_message_no
    RETURNING n.id
), parted AS ({PART.format(leads="hushed AS lead", users="ARRAY[%(user)s::bigint]")})
SELECT read_seq FROM moved
"""  # noqa: S608 - constants of ours; values are bound


def mark_read(*, conversation_id: int, practice_id: int, user: User, seq: int, now: datetime) -> bool:
    """Return whether the read cursor moved: forwards only. A mail that has not left yet is taken back.

    The caller has checked that the user is in the conversation.
    """
    with scope(practice=practice_id), connection.cursor() as cursor:
        cursor.execute(
            READ,
            {"conversation": conversation_id, "practice": practice_id, "user": user.pk, "seq": seq, "now": now},
        )
        moved = cursor.fetchone() is not None
    if moved:
        conversation_read.send(Participant, conversation_id=conversation_id, user_id=user.pk)
    return moved


@transaction.atomic
def settle(*, conversation: Conversation, by: User, now: datetime) -> None:
    """Say that what the client wrote last needs no answer: the conversation no longer waits."""
    with scope(practice=conversation.practice_id):
        changed = Conversation.objects.filter(pk=conversation.pk, waiting_since__isnull=False).update(
            waiting_since=None
        )
        if changed:
            record(
                "conversation_settled",
                practice_id=conversation.practice_id,
                by=by,
                now=now,
                client_id=conversation.client_id,
                subject=conversation,
            )
    conversation_read.send(Participant, conversation_id=conversation.pk, user_id=by.pk)
