"""Activities and their immutable versions."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from practice.people.models import User
from practice.tenancy import TenantModel


class Origin(models.TextChoices):
    """Where a piece comes from."""

    OWN = "own", _("made here")
    SHIPPED = "shipped", _("Rapport's library")
    SYSTEM = "system", _("made by the platform")


def empty_content() -> dict[str, object]:
    """Return a draft with one empty page."""
    return {"format": 1, "pages": [{"id": "p1", "title": "", "later": False, "blocks": []}]}


class Activity(TenantModel):
    """A piece of homework or psychoeducation. The draft is what the builder edits; clients only ever get versions."""

    slug = models.SlugField(max_length=60)
    title = models.CharField(_("title"), max_length=160)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OWN)
    draft = models.JSONField(default=empty_content)
    about = models.JSONField(default=dict)
    draft_rev = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True)
    latest = models.ForeignKey("ActivityVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["practice", "slug"], name="one_activity_per_slug")]

    def __str__(self) -> str:
        return self.title


class ActivityVersion(TenantModel):
    """What was published, for ever. `about` holds purpose, for whom, when not to use it, evidence, tags."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    content = models.JSONField()
    about = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(default=5)
    open_days = models.PositiveSmallIntegerField(null=True)
    reminder_days = models.PositiveSmallIntegerField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["activity", "number"], name="one_version_per_number")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
