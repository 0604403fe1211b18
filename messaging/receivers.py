"""What this room does when another announces something, and the hints that follow its own events."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from clients.events import (
    care_team_changed,
    client_added,
    client_archived,
    client_restored,
    client_user_changed,
    consent_changed,
    leave_changed,
)
from clients.models import Client, Leave
from clients.queries.endings import Line
from messaging.domain.holding import pass_on_held, stop_held
from messaging.domain.opening import forget_member, open_conversation, seat_in_all, seat_instead, seat_member
from messaging.events import conversation_read, message_posted
from messaging.queries.membership import STATE
from messaging.queries.team import conversation_ids
from practice.live.hints import hint
from practice.people.models import User


@receiver(client_added)
def open_for_new_client(client: Client, now: datetime, **kwargs: Any) -> None:
    """Give a new client their conversation."""
    open_conversation(client=client, now=now)


@receiver(client_user_changed)
def seat_who_is_meant(client: Client, former: User, now: datetime, **kwargs: Any) -> None:
    """The client is another person than the first address meant."""
    seat_instead(client=client, former=former, now=now)


@receiver(care_team_changed)
def follow_care_team(client: Client, user: User, joined: bool, now: datetime, **kwargs: Any) -> None:
    """Seat who joined. Who left is out at once by the rule: their sockets are closed, what they held is passed on."""
    if joined:
        seat_member(client=client, user=user, now=now)
    else:
        pass_on_held(client=client, former=user, now=now)
        forget_member(client=client, user=user, now=now)
        hint(f"user.{user.pk}", what="recheck")


@receiver(client_archived)
def close_conversation(client: Client, now: datetime, **kwargs: Any) -> list[Line]:
    """Make the conversation read-only; return the held messages that now won't go out."""
    lines = stop_held(client=client, now=now)
    tell_state(client)
    return lines


@receiver(client_restored)
@receiver(consent_changed)
def reopen_conversation(client: Client, **kwargs: Any) -> None:
    """Tell open pages that writing is possible again, or no longer."""
    tell_state(client)


@receiver(leave_changed)
def seat_stand_in(leave: Leave, clients: list[Client], now: datetime, **kwargs: Any) -> None:
    """Give who stands in a place in each conversation, and tell open pages who reads."""
    if leave.stand_in:
        seat_in_all(clients=clients, user=leave.stand_in, practice_id=leave.practice_id, now=now)
        hint(f"user.{leave.stand_in_id}", what="recheck")
    for client in clients:
        hint(f"user.{client.user_id}", what="messages")


def tell_state(client: Client) -> None:
    """Hint at the sockets of the client's conversation that its state changed."""
    for pk in conversation_ids(client):
        hint(f"conversation.{pk}", what=STATE)


@receiver(message_posted)
def tell_open_pages(conversation_id: int, head: int, people: list[int], is_committed: bool, **kwargs: Any) -> None:
    """Hint at the new head: to the conversation's sockets, and to everyone's other pages."""
    hint(f"conversation.{conversation_id}", what="events", n=head, is_committed=is_committed)
    for user_id in people:
        hint(f"user.{user_id}", what="messages", is_committed=is_committed)


@receiver(conversation_read)
def tell_own_pages(user_id: int, **kwargs: Any) -> None:
    """Let the reader's other pages count anew."""
    hint(f"user.{user_id}", what="messages")
