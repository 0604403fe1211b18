"""Opening a conversation: one row of the audit trail, which the client can see."""

from datetime import datetime, timedelta
from typing import Final

from messaging.models import Conversation
from practice.audit import record
from practice.audit.models import AuditEvent
from practice.people.models import User
from practice.tenancy import scope

OPENED: Final = "conversation_opened"
LASTS: Final = timedelta(hours=12)  # as long as a session of staff at most


def note_opening(*, conversation: Conversation, by: User, now: datetime) -> None:
    """Write down that this person opened the conversation. The client's own opening is nobody's business."""
    if by.pk == conversation.client.user_id:
        return
    record(
        OPENED,
        practice_id=conversation.practice_id,
        by=by,
        now=now,
        client_id=conversation.client_id,
        subject=conversation,
    )


def note_reading(*, conversation: Conversation, by: User, now: datetime) -> None:
    """Write it down unless they opened it lately: a page that is open asks for what is new again and again."""
    if by.pk == conversation.client.user_id:
        return
    with scope(practice=conversation.practice_id):
        lately = AuditEvent.objects.filter(
            client_ref=conversation.client_id, at__gt=now - LASTS, verb=OPENED, actor=by, subject_ref=conversation.pk
        ).exists()
    if not lately:
        note_opening(conversation=conversation, by=by, now=now)
