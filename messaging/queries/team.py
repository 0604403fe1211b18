"""Conversations with who is on their care team now and how far a reader has read, so that neither needs a query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from clients.models import CareTeamMember
from messaging.models import Conversation, Participant
from practice.people.models import Membership, User


def conversations_with_team() -> Any:
    """Return conversations, each with `team`: the ids of users on the care team who still work at the practice."""
    working = Membership.objects.filter(practice_id=OuterRef("practice_id"), is_active=True)
    team = CareTeamMember.objects.filter(
        client=OuterRef("client"), until__isnull=True, user_id__in=working.values("user_id")
    )
    return Conversation.objects.annotate(team=ArraySubquery(team.values("user_id")))


def seen_by(user: User) -> Coalesce:
    """Return an expression over conversations: how many messages the user has read."""
    places = Participant.objects.filter(conversation=OuterRef("pk"), user=user)
    return Coalesce(Subquery(places.values("read_message_no")[:1]), Value(0))


def team_of(conversation: Conversation) -> list[int]:
    """Return those ids: as fetched with the conversation, else by one query."""
    if not hasattr(conversation, "team"):
        conversation.team = conversations_with_team().values_list("team", flat=True).get(pk=conversation.pk)
    return list(conversation.team)
