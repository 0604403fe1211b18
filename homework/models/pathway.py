"""Pathways: activities in order, with their times."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from homework.models.activity import Origin
from practice.people.models import User
from practice.tenancy import TenantModel


def empty_steps() -> list[object]:
    """Return no steps."""
    return []


class Pathway(TenantModel):
    """`draft` is the list of steps being edited, in the format of `export_pathway`."""

    key = models.SlugField(max_length=60)
    title = models.CharField(_("title"), max_length=160)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OWN)
    draft = models.JSONField(default=empty_steps)
    about = models.JSONField(default=dict)
    draft_rev = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True)
    latest = models.ForeignKey("PathwayVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="one_pathway_per_key")]

    def __str__(self) -> str:
        return self.title


class PathwayVersion(TenantModel):
    """A published pathway. Its `steps` name activities by slug; which version is sent is decided at planning."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    steps = models.JSONField()
    about = models.JSONField(default=dict)
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["pathway", "number"], name="one_pathway_version_per_number")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
