"""What this room does when another announces something, and the hints that follow its own events."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from clients.events import care_team_changed, client_added, client_archived, consent_changed
from clients.models import Client
from messaging.domain.opening import open_conversation, seat_member
from messaging.events import conversation_read, message_posted
from practice.live.hints import hint
from practice.people.models import User


@receiver(client_added)
def open_for_new_client(client: Client, now: datetime, **kwargs: Any) -> None:
    """Give a new client their conversation."""
    open_conversation(client=client, now=now)


@receiver(care_team_changed)
def follow_care_team(client: Client, user: User, joined: bool, now: datetime, **kwargs: Any) -> None:
    """Seat who joined; who left is out at once by the rule, and their sockets are closed."""
    if joined:
        seat_member(client=client, user=user, now=now)
    else:
        hint(f"user.{user.pk}", what="recheck")


@receiver(client_archived)
@receiver(consent_changed)
def recheck_client(client: Client, **kwargs: Any) -> None:
    """Have the sockets of a client who left, or changed their mind, looked at now."""
    hint(f"user.{client.user_id}", what="recheck")


@receiver(message_posted)
def tell_open_pages(conversation_id: int, head: int, people: list[int], **kwargs: Any) -> None:
    """Hint at the new head: to the conversation's sockets, and to everyone's other pages."""
    hint(f"conversation.{conversation_id}", what="events", n=head)
    for user_id in people:
        hint(f"user.{user_id}", what="messages")


@receiver(conversation_read)
def tell_own_pages(user_id: int, **kwargs: Any) -> None:
    """Let the reader's other pages count anew."""
    hint(f"user.{user_id}", what="messages")
