"""Who may: predicates over a user and a conversation. `queries/membership.py` says the same in SQL; a test compares."""

import rules

from clients.models import ClientStatus
from messaging.models import Conversation
from messaging.queries.team import team_of
from practice.people.models import User


@rules.predicate
def is_its_client(user: User, conversation: Conversation) -> bool:
    """The client of the conversation. Once treatment has ended they go on reading."""
    client = conversation.client
    return client is not None and client.user_id == user.pk


@rules.predicate
def is_on_its_care_team(user: User, conversation: Conversation) -> bool:
    """On the client's care team now or standing in for its therapist, and still working at the practice."""
    return user.pk in team_of(conversation)


@rules.predicate
def is_open(user: User, conversation: Conversation) -> bool:
    """The client is in treatment here and agrees to it."""
    client = conversation.client
    return client is not None and client.status == ClientStatus.ACTIVE and client.treatment_consent


rules.add_perm("messaging.read_conversation", is_its_client | is_on_its_care_team)
rules.add_perm("messaging.write_in_conversation", (is_its_client | is_on_its_care_team) & is_open)
rules.add_perm("messaging.settle_conversation", is_on_its_care_team)
