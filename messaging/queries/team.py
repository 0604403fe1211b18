"""Conversations with who is on their care team now, so that the rule needs no query of its own."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from clients.models import CareTeamMember
from messaging.models import Conversation
from practice.people.models import Membership


def conversations_with_team() -> Any:
    """Return conversations, each with `team`: the ids of users on the care team who still work at the practice."""
    working = Membership.objects.filter(practice_id=OuterRef("practice_id"), is_active=True)
    team = CareTeamMember.objects.filter(
        client=OuterRef("client"), until__isnull=True, user_id__in=working.values("user_id")
    )
    return Conversation.objects.annotate(team=ArraySubquery(team.values("user_id")))


def team_of(conversation: Conversation) -> list[int]:
    """Return those ids: as fetched with the conversation, else by one query."""
    if not hasattr(conversation, "team"):
        conversation.team = conversations_with_team().values_list("team", flat=True).get(pk=conversation.pk)
    return list(conversation.team)
