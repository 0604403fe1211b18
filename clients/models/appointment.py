"""Appointments in their smallest true form."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client
from practice.people.models import User
from practice.tenancy import TenantModel


class AppointmentStatus(models.TextChoices):
    """What became of an appointment."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


class AppointmentMode(models.TextChoices):
    """Where people meet."""

    ROOM = "room", _("in the room")
    VIDEO = "video", _("video")
    PHONE = "phone", _("telephone")


class Appointment(TenantModel):
    """A meeting. `number` counts the held ones of a client, from 1."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="appointments", db_constraint=False)
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(null=True)
    starts_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField(default=50)
    mode = models.CharField(max_length=10, choices=AppointmentMode, default=AppointmentMode.ROOM)
    status = models.CharField(max_length=10, choices=AppointmentStatus, default=AppointmentStatus.PLANNED)
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["therapist", "starts_at"], name="appointments_by_therapist"),
            models.Index(fields=["client", "starts_at"], name="appointments_by_client"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "number"], condition=models.Q(number__isnull=False), name="appointment_numbers_count"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
