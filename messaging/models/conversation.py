"""Conversations as numbered events. The database is the truth, the socket a hint."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from practice.tenancy import TenantModel
from practice.vault import Address, SealedModel, SealedTextField


class ConversationKind(models.TextChoices):
    """Who is in it."""

    CLIENT = "client", _("client and care team")


class EventKind(models.IntegerChoices):
    """What an event is. Numbers are stored and never reused."""

    MESSAGE = 1, _("message")
    EDIT = 2, _("edit")
    WITHDRAW = 3, _("withdraw")
    REACT = 4, _("react")
    UNREACT = 5, _("unreact")
    JOIN = 7, _("join")
    LEAVE = 8, _("leave")


class Conversation(TenantModel):
    """`head` is the number of the newest event, `message_no` of the newest message.

    `waiting_since` is when the client wrote the first message that nobody of the care team has answered yet.
    """

    practice = models.ForeignKey("practice.Practice", on_delete=models.CASCADE, related_name="+", db_index=False)
    client: models.ForeignKey[Any, Any] = models.ForeignKey(
        "clients.Client", null=True, on_delete=models.CASCADE, related_name="conversations", db_constraint=False
    )
    team: list[int]  # who is on the care team, when fetched with it (queries/team.py)
    stand_ins: list[int]  # who stands in for its therapist, likewise
    seen: int  # how many messages a reader has read, likewise
    kind = models.CharField(max_length=10, choices=ConversationKind, default=ConversationKind.CLIENT)
    head = models.BigIntegerField(default=0)
    message_no = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(kind="client"), name="one_conversation_per_client"
            )
        ]
        indexes = [
            models.Index(
                fields=["practice", "waiting_since"],
                name="conversations_waiting",
                condition=models.Q(waiting_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class ConversationEvent(SealedModel, TenantModel):
    """One numbered event. Gapless in commit order within its conversation; never changed afterwards.

    Its conversation and practice are held by the one constraint over both (`tenancy/constraints.py`): each more would
    have every post lock the practice's row, shared by all who write at that moment.
    """

    pk = models.CompositePrimaryKey("conversation_id", "seq")
    practice = models.ForeignKey(
        "practice.Practice", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    message_no = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField(choices=EventKind)
    ref_seq = models.BigIntegerField(null=True)
    author = models.ForeignKey("practice.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    client_uuid = models.UUIDField()
    body = SealedTextField(null=True)
    created_at = models.DateTimeField()
    seal_id = None  # type: ignore[assignment] # its place is known without one

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author", "client_uuid"], name="one_event_per_client_uuid")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"

    def sealed_for(self) -> Address:
        """Return the conversation's key."""
        return ("conversation", self.conversation_id)

    def seal_place(self, column: str) -> str:
        """Return what the body is bound to: known before the sequence number is."""
        return event_place(self.conversation_id, self.author_id, str(self.client_uuid))


class Participant(TenantModel):
    """Someone in a conversation, from which event they see it and how far they have read."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+")
    from_seq = models.BigIntegerField(default=1)
    to_seq = models.BigIntegerField(null=True)
    read_seq = models.BigIntegerField(default=0)
    read_message_no = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="once_in_a_conversation")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


def event_place(conversation_id: int, author_id: int, client_uuid: str) -> str:
    """Return what an event's body is bound to."""
    return f"conversation:{conversation_id}:{author_id}:{client_uuid}"
