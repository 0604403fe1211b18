"""Conversations with who reads along (care team, stand-in) and how far a reader has read: neither needs a query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from clients.models import CareTeamMember, Client, Leave
from messaging.models import Conversation, Participant
from practice.people.models import Membership, User


def conversations_with_team() -> Any:
    """Return conversations, each with `team` and `stand_ins`: the ids of users who still work at the practice."""
    working = Membership.objects.filter(practice_id=OuterRef("practice_id"), is_active=True).values("user_id")
    team = CareTeamMember.objects.filter(client=OuterRef("client"), until__isnull=True, user_id__in=working)
    away = Leave.objects.current().filter(
        user_id=OuterRef("client__therapist_id"), stand_in_id__in=working, practice_id=OuterRef("practice_id")
    )
    return Conversation.objects.annotate(
        team=ArraySubquery(team.values("user_id")), stand_ins=ArraySubquery(away.values("stand_in_id"))
    )


def seen_by(user: User) -> Coalesce:
    """Return an expression over conversations: how many messages the user has read."""
    places = Participant.objects.filter(conversation=OuterRef("pk"), user=user)
    return Coalesce(Subquery(places.values("read_message_no")[:1]), Value(0))


def team_of(conversation: Conversation) -> list[int]:
    """Return those ids: as fetched with the conversation, else by one query. Nobody stands in once it has ended."""
    if not hasattr(conversation, "team"):
        found = conversations_with_team().values_list("team", "stand_ins").get(pk=conversation.pk)
        conversation.team, conversation.stand_ins = found
    ended = conversation.client is None or conversation.client.has_ended
    return [*conversation.team, *([] if ended else conversation.stand_ins)]


def conversation_ids(client: Client) -> list[int]:
    """Return the ids of a client's conversations. One query."""
    return list(Conversation.objects.filter(client=client).values_list("pk", flat=True))
