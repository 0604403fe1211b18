"""Lanes of the engine, the outbox, the delivery log, and each user's channels."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from practice.tenancy import TenantModel
from practice.vault import Address, SealedModel, SealedTextField

NO_PRACTICE = 0  # `practice_id` of what is told to who runs the installation


class Channel(models.IntegerChoices):
    """Ways to reach a person. Numbers are stored and never reused."""

    IN_APP = 1, _("in the app")
    EMAIL = 2, _("e-mail")


class EngineLane(models.Model):
    """One row for sends, for the planner, and for each channel of the outbox. Made and bound at first start."""

    name = models.CharField(max_length=20, unique=True)
    hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=200, blank=True)
    identity = models.CharField(max_length=120, blank=True)
    last_tick_at = models.DateTimeField(null=True)
    last_drained_at = models.DateTimeField(null=True)
    oldest_due_at = models.DateTimeField(null=True)
    wal_position = models.CharField(max_length=40, blank=True)
    sent_total = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    paced_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("engine lane")
        verbose_name_plural = _("engine lanes")

    def __str__(self) -> str:
        return self.name


class NotificationStatus(models.IntegerChoices):
    """States of an outbox row."""

    READY = 1, _("ready")
    LEASED = 2, _("being sent")
    ACCEPTED = 3, _("accepted")
    DELIVERED = 4, _("delivered")
    BOUNCED = 5, _("bounced")
    UNSURE = 6, _("unsure")
    DEAD = 7, _("given up")
    SUPPRESSED = 8, _("not sent")
    COLLAPSED = 9, _("joined with another")


class Notification(SealedModel, TenantModel):
    """One thing to tell one user by one channel. Holds no health information: what it says is decided by its kind."""

    # no constraints: each row is copied from one that has them, and the checks cost a tenth of the send rate
    practice = models.ForeignKey(
        "practice.Practice", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        "practice.User", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.PositiveSmallIntegerField()
    channel = models.PositiveSmallIntegerField(choices=Channel)
    subject_type = models.PositiveSmallIntegerField()
    subject_id = models.BigIntegerField()
    generation = models.IntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=5)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(choices=NotificationStatus, default=NotificationStatus.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    provider_ref = models.CharField(max_length=120, blank=True, default="", db_default="")
    last_error = models.CharField(max_length=200, blank=True, default="", db_default="")
    payload = SealedTextField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    # no default of SealedModel's: the engine's INSERT doesn't write it
    seal_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "subject_type", "kind", "channel", "user", "generation"],
                name="one_notification_per_subject",
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "practice", "priority", "not_before", "id"],
                name="outbox_ready",
                condition=Q(status__in=[1, 2]),
            ),
            # only what is being sent or was joined: writing a row into the outbox doesn't touch it
            models.Index(fields=["user", "status"], name="outbox_by_reader", condition=Q(status__in=[2, 9])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"

    @property
    def has_own_words(self) -> bool:
        """Whether it says something of its own (a link, a code). Opens nothing."""
        return self.__dict__["payload"] is not None

    def sealed_for(self) -> Address:
        """Return the user: a payload (a sign-in link, a code) belongs to them, and is wiped when accepted."""
        return ("user", self.user_id)


class SendAttempt(models.Model):
    """One try to hand a notification to a provider. Append-only."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="+")
    n = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    provider_code = models.CharField(max_length=120, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.notification_id}/{self.n} {self.outcome}"


NO_KINDS = Value([], ArrayField(models.PositiveSmallIntegerField()))


class UserChannel(models.Model):
    """By which channels a user is told what, computed when a preference, consent or address changes.

    `kind` 0 stands for every kind but those in `but`, which the person decided apart: these have rows of their own,
    or none when they want none. The engine joins this table in its claim.
    """

    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+")
    kind = models.PositiveSmallIntegerField(default=0)
    channel = models.PositiveSmallIntegerField(choices=Channel)
    but = ArrayField(models.PositiveSmallIntegerField(), default=list, db_default=NO_KINDS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="one_row_per_user_channel")]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.channel}"
