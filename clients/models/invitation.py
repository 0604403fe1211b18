"""Ways in: an invitation by e-mail, a code shown in the room; and how far each came."""

from django.db import models

from clients.models.client import Client
from practice.tenancy import TenantModel


class Invitation(TenantModel):
    """A single-use link, good for seven days, bound to an address. Only its hash is stored."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="invitations", db_constraint=False)
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.ForeignKey("practice.User", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"invitation of {self.client_id}"


class RoomCode(TenantModel):
    """Eight characters shown on the therapist's screen, good for fifteen minutes, once. Only a keyed hash is stored."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="room_codes", db_constraint=False)
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("practice.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"code for {self.client_id}"
