"""That treatment ended, and what was cancelled then: kept, so that who restores a client sees what could begin anew."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from practice.people.models import User
from practice.tenancy import TenantModel
from practice.vault import Address, SealedJSONField, SealedModel


class Ending(SealedModel, TenantModel):
    """One archiving. `cancelled` is the dated list that the rooms gave: `[{"what", "title", "at"}]`."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="endings", db_constraint=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled = SealedJSONField(null=True)
    restored_at = models.DateTimeField(null=True)
    restored_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("end of treatment")
        verbose_name_plural = _("ends of treatment")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(restored_at__isnull=True), name="one_ending_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"end of {self.client_id} at {self.at:%Y-%m-%d}"

    def sealed_for(self) -> Address:
        """Return the client's own key."""
        return ("client", self.client_id)
