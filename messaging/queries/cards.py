"""The card of the portal's Today: the newest words that the client has not read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from clients.models import Client
from messaging.models import ConversationEvent
from messaging.queries.listing import own_conversation, unread_in
from messaging.queries.markup import as_line
from practice.clock import local


def portal_card(request: HttpRequest, client: Client, now: datetime) -> Mapping[str, Any] | None:
    """Return who wrote, what (its beginning) and how many are unread; None when nothing is. At most two queries."""
    conversation = own_conversation(request)
    unread = unread_in(conversation)
    if not unread:
        return None
    rows = ConversationEvent.objects.filter(conversation=conversation).exclude(author_id=client.user_id)
    newest = rows.select_related("author").order_by("-seq").first()
    if newest is None:
        return None
    there = local(newest.created_at, client.zone)
    return {
        "name": newest.author.first_name,
        "text": as_line(newest.body or "", 140),
        "unread": unread,
        "at": newest.created_at,
        "time": f"{there:%H:%M}" if there.date() == local(now, client.zone).date() else f"{there:%-d.%-m.}",
    }
