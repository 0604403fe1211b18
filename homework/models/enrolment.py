"""A client on a pathway: the lock of a plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from homework.models.pathway import PathwayVersion
from homework.models.wallclock import WallClockField
from practice.people.models import User
from practice.tenancy import TenantModel


class EnrolmentStatus(models.TextChoices):
    """Whether a pathway runs."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class Enrolment(TenantModel):
    """One activity sent by itself is an enrolment too, in a system-made pathway of one step.

    `dates` are calendar dates set for this client by step key ("2026-12-24T09:00"); `shifts` what pauses added,
    each `[from local ISO, whole days]`; `skipped` the steps left out.
    Every change of plan locks this row and raises `plan_rev`.
    """

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="enrolments", db_constraint=False
    )
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rater = models.CharField(max_length=10, default="client")
    pathway_version = models.ForeignKey(PathwayVersion, on_delete=models.PROTECT, related_name="+")
    single = models.BooleanField(default=False)
    tz = models.CharField(max_length=64)
    start_local = WallClockField()
    status = models.CharField(max_length=10, choices=EnrolmentStatus, default=EnrolmentStatus.RUNNING)
    pace = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    plan_rev = models.PositiveIntegerField(default=1)
    planned_until = models.DateTimeField(null=True)
    dates = models.JSONField(default=dict)
    skipped = models.JSONField(default=list)
    shifts = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["planned_until"], name="enrolments_to_plan", condition=models.Q(status="running"))
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"
