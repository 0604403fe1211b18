"""The attention list: the row someone must see. Every room writes to it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from practice.people.models import User
from practice.tenancy import TenantModel
from practice.vault import Address, SealedJSONField, SealedModel


class Urgency(models.IntegerChoices):
    """How soon someone must look."""

    CRITICAL = 1, _("now")
    HIGH = 2, _("today")
    NORMAL = 3, _("this week")
    LOW = 4, _("when there is time")


class AttentionState(models.IntegerChoices):
    """Open, seen by a person, done."""

    OPEN = 1, _("open")
    ACKNOWLEDGED = 2, _("acknowledged")
    RESOLVED = 3, _("resolved")


class AttentionItem(SealedModel, TenantModel):
    """Something about a client (or, with no client, about the practice) that someone must see.

    `kind` is registered in `ATTENTION_KINDS`; `key` makes raising it again a no-op; `detail` is sealed.
    Never deleted: a trigger refuses.
    """

    client = models.ForeignKey(
        Client, null=True, on_delete=models.PROTECT, related_name="attention", db_constraint=False
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NORMAL)
    state = models.PositiveSmallIntegerField(choices=AttentionState, default=AttentionState.OPEN)
    detail = SealedJSONField(null=True)
    subject_id = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attention item")
        verbose_name_plural = _("attention list")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["practice", "kind", "key"], name="one_attention_item_per_key")]
        indexes = [
            models.Index(
                fields=["practice", "urgency", "raised_at"],
                name="attention_unresolved",
                condition=models.Q(state__in=[1, 2]),
            ),
            models.Index(fields=["client", "-raised_at"], name="attention_by_client"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def sealed_for(self) -> Address:
        """Return the client's key, or the practice's staff key when no client is meant."""
        return ("client", self.client_id) if self.client_id else ("staff", self.practice_id)


class AttentionChange(SealedModel, TenantModel):
    """What happened to an item: acknowledged, resolved, answer changed, escalated. Append-only."""

    item = models.ForeignKey(AttentionItem, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    change = models.CharField(max_length=20)
    detail = SealedJSONField(null=True)

    class Meta:
        base_manager_name = "objects"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.change} {self.at:%H:%M}"

    def sealed_for(self) -> Address:
        """Return the item's key."""
        return self.item.sealed_for()
