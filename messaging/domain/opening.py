"""A conversation between a client and their care team: made once, and its places kept."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from clients.models import CareTeamMember, Client
from messaging.models import Conversation, ConversationKind, Participant
from practice.notifications.channelling import ensure_channels
from practice.notifications.suppressing import suppress
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


@transaction.atomic
def seat_in_all(*, clients: Collection[Client], user: User, practice_id: int, now: datetime) -> None:
    """Give someone who stands in a place in each client's conversation: what was said until now waits for nobody."""
    with scope(practice=practice_id):
        ensure_channels([user.pk])
        rows = [
            Participant(
                practice_id=practice_id,
                conversation=row,
                user=user,
                read_seq=row.head,
                read_message_no=row.message_no,
                read_at=now,
            )
            for row in Conversation.objects.filter(client__in=clients, kind=ConversationKind.CLIENT)
        ]
        Participant.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def forget_member(*, client: Client, user: User, now: datetime) -> None:
    """Take back mails about unread messages that would still reach someone who left the care team."""
    with scope(practice=client.practice_id):
        ids = list(Conversation.objects.filter(client=client).values_list("pk", flat=True))
        suppress(subject_type="conversation", subject_ids=ids, reason="left the team", now=now, user_id=user.pk)


@transaction.atomic
def seat_instead(*, client: Client, former: User, now: datetime) -> None:
    """Give the client's place to another user: the address that was written down first meant someone else."""
    with scope(practice=client.practice_id):
        conversation = Conversation.objects.filter(client=client, kind=ConversationKind.CLIENT).first()
        if conversation is None:
            return
        ensure_channels([client.user_id])
        _place(conversation, client.user_id)
        if not CareTeamMember.objects.filter(client=client, user=former).exists():
            Participant.objects.filter(conversation=conversation, user=former).delete()
        forget_member(client=client, user=former, now=now)


def _place(conversation: Conversation, user_id: int, read_by: datetime | None = None) -> None:
    Participant.objects.get_or_create(
        practice_id=conversation.practice_id,
        conversation=conversation,
        user_id=user_id,
        defaults={"read_seq": conversation.head, "read_message_no": conversation.message_no, "read_at": read_by},
    )
