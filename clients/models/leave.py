"""A therapist's leave: from when to when, who stands in, what clients are told."""

import datetime as dt

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from practice.clock.resolving import local
from practice.people.models import User
from practice.tenancy import TenantModel, TenantQuerySet, tenant_manager
from practice.vault import Address, SealedModel, SealedTextField


class LeaveQuerySet(TenantQuerySet["Leave"]):
    """Leaves of the practice. What is current is decided by the database's clock, here as in the raw SQL."""

    def current(self) -> "LeaveQuerySet":
        """Return those that have begun and not ended."""
        return self.filter(starts_at__lte=Now(), ends_at__gt=Now())

    def covered_by(self, user: User) -> "LeaveQuerySet":
        """Return the current ones in which the user stands in."""
        return self.current().filter(stand_in=user)


class Leave(SealedModel, TenantModel):
    """`user` is away from `starts_at` to `ends_at` (not included); an empty span is a leave that was called off.

    While it lasts `stand_in` may read what the clients whose primary therapist `user` is write, answer their messages
    and acknowledge what asks for attention. Nothing is granted by a row elsewhere, so nothing must be taken back.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    message = SealedTextField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = tenant_manager(LeaveQuerySet)  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["user", "ends_at"], name="leaves_by_therapist"),
            models.Index(fields=["stand_in", "ends_at"], name="leaves_by_stand_in"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")), name="leave_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"leave of {self.user_id} from {self.starts_at:%Y-%m-%d}"

    @property
    def starts_on(self) -> dt.date:
        """Return the first day away, where the therapist is."""
        return local(self.starts_at, self.zone).date()

    @property
    def back_on(self) -> dt.date:
        """Return the day of return, where the therapist is."""
        return local(self.ends_at, self.zone).date()

    def holds_at(self, moment: dt.datetime) -> bool:
        """Return whether the therapist is away at that moment."""
        return self.starts_at <= moment < self.ends_at

    def sealed_for(self) -> Address:
        """Return the practice's staff key: the words are the therapist's own."""
        return ("staff", self.practice_id)
