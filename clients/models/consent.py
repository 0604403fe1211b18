"""Consent texts by version, and receipts of what was given and withdrawn."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from practice.tenancy import TenantModel


class ConsentKind(models.TextChoices):
    """What a client consents to, each separately."""

    TREATMENT = "treatment", _("treatment with this platform")
    MESSAGES = "messages", _("being told by e-mail")


class ConsentText(TenantModel):
    """A text as it stood when people agreed to it. A change is a new version."""

    kind = models.CharField(max_length=20, choices=ConsentKind)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="en")
    body = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "language", "version"], name="one_consent_text_version")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class ConsentReceipt(TenantModel):
    """One giving or withdrawing, with the hash of the text it was about. Append-only."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents", db_constraint=False)
    kind = models.CharField(max_length=20, choices=ConsentKind)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    given = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.kind} {'given' if self.given else 'withdrawn'}"
