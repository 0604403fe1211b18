"""The base of every table that belongs to a practice."""

from typing import Any

from django.db import models

from practice.tenancy.closed_rows import TenantManager, require_scope_of


class TenantModel(models.Model):
    """A row of one practice. Reading, saving and deleting need that practice's scope."""

    practice = models.ForeignKey("practice.Practice", on_delete=models.CASCADE, related_name="+")

    objects: Any = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_scope_of(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_scope_of(self)
        return super().delete(*args, **kwargs)
