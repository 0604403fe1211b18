"""A conversation between a client and their care team: made once, and its places kept."""

from datetime import datetime

from django.db import transaction

from clients.models import CareTeamMember, Client
from messaging.models import Conversation, ConversationKind, Participant
from practice.notifications.channelling import ensure_channels
from practice.people.models import User
from practice.tenancy import scope
from practice.vault import create_data_key


@transaction.atomic
def open_conversation(*, client: Client, now: datetime) -> Conversation:
    """Return the client's one conversation, made with its own key when there is none. May be called twice."""
    with scope(practice=client.practice_id):
        conversation, is_new = Conversation.objects.get_or_create(
            practice_id=client.practice_id, client=client, kind=ConversationKind.CLIENT, defaults={"created_at": now}
        )
        if is_new:
            create_data_key(practice_id=client.practice_id, owner=("conversation", conversation.pk))
            team = CareTeamMember.objects.filter(client=client, until__isnull=True).values_list("user_id", flat=True)
            people = {client.user_id, *team}
            ensure_channels(people)
            for user_id in people:
                _place(conversation, user_id)
    return conversation


@transaction.atomic
def seat_member(*, client: Client, user: User, now: datetime) -> None:
    """Give someone who joined the care team a place: they can read everything, and nothing of it waits for them."""
    with scope(practice=client.practice_id):
        conversation = Conversation.objects.filter(client=client, kind=ConversationKind.CLIENT).first()
        if conversation is not None:
            ensure_channels([user.pk])
            _place(conversation, user.pk, read_by=now)


def _place(conversation: Conversation, user_id: int, read_by: datetime | None = None) -> None:
    Participant.objects.get_or_create(
        practice_id=conversation.practice_id,
        conversation=conversation,
        user_id=user_id,
        defaults={"read_seq": conversation.head, "read_message_no": conversation.message_no, "read_at": read_by},
    )
