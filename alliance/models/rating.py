"""One form by one rater: asked, given or declined."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from practice.people.models import User
from practice.tenancy import TenantModel
from practice.vault import SealedJSONField, SealedModel


class RatingStatus(models.TextChoices):
    """How far a form came."""

    ASKED = "asked", _("asked")
    GIVEN = "given", _("given")
    DECLINED = "declined", _("declined")


class Rating(SealedModel, TenantModel):
    """`scores` is what `alliance.domain.scoring` returned, with the answers it was made of; sealed."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="ratings", db_constraint=False)
    appointment = models.ForeignKey("clients.Appointment", null=True, on_delete=models.CASCADE, related_name="ratings")
    assignment = models.ForeignKey("homework.Assignment", null=True, on_delete=models.CASCADE, related_name="ratings")
    instrument = models.CharField(max_length=20)
    instrument_version = models.PositiveSmallIntegerField(default=1)
    wording = models.CharField(max_length=40)
    rater = models.CharField(max_length=10)
    rated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RatingStatus, default=RatingStatus.ASKED)
    scores = SealedJSONField(null=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "instrument", "rater"],
                condition=models.Q(appointment__isnull=False),
                name="one_rating_per_appointment_and_rater",
            ),
            models.UniqueConstraint(fields=["assignment", "instrument"], name="one_rating_per_assignment"),
        ]
        indexes = [models.Index(fields=["client", "instrument", "asked_at"], name="ratings_of_client")]

    def __str__(self) -> str:
        return f"{self.instrument} by {self.rater}"
