"""An invitation by e-mail and how far it came."""

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
