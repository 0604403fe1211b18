"""The one door to each row: fetch it for this person or "not found". Unknown and forbidden look alike."""

from typing import Any

import rules
from django.http import Http404
from django.utils import timezone

from clients.models import Client
from messaging.models import Conversation, ConversationKind, HeldMessage
from messaging.queries.membership import Place, place_of
from messaging.queries.team import conversations_with_team, seen_by
from practice.audit.recording import LATELY
from practice.people.models import User


def conversation_for(user: User, pk: int, *, to: str = "read") -> Conversation:
    """Return the conversation for someone who may `read`, `write_in` or `settle` it. Raises Http404. One query.

    It comes with its client, its `team` and how many messages the person has `seen`.
    """
    row = _rows(user).filter(pk=pk).first()
    if row is None or not rules.has_perm(f"messaging.{to}_conversation", user, row):
        raise Http404
    return row


def conversation_anywhere(user: User, pk: int) -> Place:
    """Return the conversation for a socket, which learns its practice from its conversation. Raises Http404."""
    place = place_of(conversation_id=pk, user_id=user.pk, since=timezone.now() - LATELY)
    if place is None:
        raise Http404
    return place


def conversation_of(user: User, client: Client) -> Conversation:
    """Return the client's conversation for someone who may read it. Raises Http404."""
    row = _rows(user).filter(client=client, kind=ConversationKind.CLIENT).first()
    if row is None or not rules.has_perm("messaging.read_conversation", user, row):
        raise Http404
    return row


def held_for(user: User, pk: int) -> HeldMessage:
    """Return a held message for its author, who is still in the conversation. Raises Http404."""
    row = HeldMessage.objects.filter(pk=pk, author=user).first()
    if row is None:
        raise Http404
    conversation_for(user, row.conversation_id)
    return row


def _rows(user: User) -> Any:
    return conversations_with_team().annotate(seen=seen_by(user)).select_related("client__user", "client__therapist")
