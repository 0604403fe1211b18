"""A message written out of hours that goes out at opening."""

from django.db import models

from messaging.models.conversation import Conversation
from practice.tenancy import TenantModel
from practice.vault import Address, SealedModel, SealedTextField


class HeldMessage(SealedModel, TenantModel):
    """Posted by a tick at `release_at` through the ordinary verb, with its own `client_uuid`.

    `refused_at` is when that verb said no (the author left the care team, the conversation was closed): the text
    stays, and its author is shown that it did not go out. `written_by` is who wrote it when it was passed on to
    another therapist.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="held")
    author = models.ForeignKey("practice.User", on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey("practice.User", null=True, on_delete=models.PROTECT, related_name="+")
    client_uuid = models.UUIDField(unique=True)
    body = SealedTextField()
    release_at = models.DateTimeField()
    created_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(
                fields=["release_at"],
                name="held_due",
                condition=models.Q(posted_at__isnull=True, cancelled_at__isnull=True, refused_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"held until {self.release_at:%Y-%m-%d %H:%M}"

    def sealed_for(self) -> Address:
        """Return the conversation's key."""
        return ("conversation", self.conversation_id)
