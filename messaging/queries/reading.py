"""Events of a conversation, decrypted and ready to show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString

from messaging.models import ConversationEvent
from messaging.queries.markup import as_html

PAGE: Final = 200
SHOWN_FIRST: Final = 50


@dataclass(frozen=True)
class ShownEvent:
    """One event as pages, API and sockets show it."""

    seq: int
    message_no: int
    author_id: int
    author: str
    uuid: UUID
    text: str
    at: datetime

    @property
    def html(self) -> SafeString:
        """Return the text as safe HTML."""
        return as_html(self.text)


def events_after(*, conversation_id: int, after: int, limit: int = PAGE) -> list[ShownEvent]:
    """Return at most 200 events above `after`, in order. One query (and one for the key the first time)."""
    rows = ConversationEvent.objects.filter(conversation_id=conversation_id, seq__gt=after).select_related("author")
    return [shown(row) for row in rows.order_by("seq")[: min(limit, PAGE)]]


def newest_events(*, conversation_id: int, before: int | None = None, limit: int = SHOWN_FIRST) -> list[ShownEvent]:
    """Return the newest events (those below `before`), in order. One query."""
    rows = ConversationEvent.objects.filter(conversation_id=conversation_id).select_related("author")
    if before:
        rows = rows.filter(seq__lt=before)
    return [shown(row) for row in reversed(rows.order_by("-seq")[: min(limit, PAGE)])]


def shown(row: ConversationEvent) -> ShownEvent:
    """Return a row as it is shown; its author has been fetched with it."""
    return ShownEvent(
        seq=row.seq,
        message_no=row.message_no,
        author_id=row.author_id,
        author=row.author.first_name,
        uuid=row.client_uuid,
        text=row.body or "",
        at=row.created_at,
    )
