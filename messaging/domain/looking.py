"""Opening a conversation: one row of the audit trail, which the client can see."""

from datetime import datetime
from typing import Final

from messaging.models import Conversation
from messaging.queries.membership import Place
from practice.audit.recording import record_opening
from practice.people.models import User

OPENED: Final = "conversation_opened"  # membership.py asks for it in SQL


def note_opening(*, conversation: Conversation, by: User, now: datetime, anew: bool = True) -> None:
    """Write down that this person opened the conversation. The client's own opening is nobody's business.

    `anew` False: a page that is open asks for what is new again and again; see `practice.audit.recording`.
    """
    if by.pk == conversation.client.user_id:
        return
    record_opening(
        OPENED,
        practice_id=conversation.practice_id,
        by=by,
        now=now,
        client_id=conversation.client_id,
        subject=conversation,
        anew=anew,
    )


def note_listening(*, place: Place, by: User, now: datetime) -> None:
    """Write down that this person listens by a socket, unless they opened it lately: its page did so just before."""
    if not place.is_noted:
        about = Conversation(pk=place.pk)
        record_opening(OPENED, practice_id=place.practice_id, by=by, now=now, client_id=place.client_id, subject=about)
