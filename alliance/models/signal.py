"""A clinical rule that raised."""

from django.db import models

from alliance.models.rating import Rating
from practice.tenancy import TenantModel
from practice.vault import SealedJSONField, SealedModel


class Signal(SealedModel, TenantModel):
    """`numbers` are what the rule saw, sealed; `useful` is what the therapist said of it."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="signals", db_constraint=False)
    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    numbers = SealedJSONField(null=True)
    raised_at = models.DateTimeField()
    useful = models.BooleanField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["rating", "kind"], name="one_signal_per_rating_and_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"
