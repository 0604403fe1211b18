"""The append-only trail."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from practice.tenancy import TenantModel


class AuditEvent(TenantModel):
    """One act or one opening of a record. `client_id` is a number, not a foreign key: the trail outlives the client."""

    at = models.DateTimeField()
    actor = models.ForeignKey("practice.User", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    client_ref = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_ref = models.BigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("trace")
        verbose_name_plural = _("audit trail")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["client_ref", "-at"], name="audit_by_client")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
