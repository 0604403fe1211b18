"""One occurrence of a step for one person: planned, sent, done."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homework.models.activity import ActivityVersion
from homework.models.enrolment import Enrolment
from homework.models.wallclock import WallClockField
from practice.people.models import User
from practice.tenancy import TenantModel


class AssignmentStatus(models.IntegerChoices):
    """States of an assignment. Numbers are stored and never reused."""

    PLANNED = 1, _("waits")
    SCHEDULED = 2, _("scheduled")
    SENT = 3, _("sent")
    OPENED = 4, _("opened")
    STARTED = 5, _("started")
    DONE = 6, _("done")
    HELD = 7, _("held")
    SKIPPED = 8, _("skipped")
    CANCELLED = 9, _("cancelled")
    EXPIRED = 10, _("not sent in time")
    MISSED = 11, _("closed undone")
    WITHDRAWN = 12, _("withdrawn")


S = AssignmentStatus
ALLOWED_MOVES: dict[AssignmentStatus, frozenset[AssignmentStatus]] = {
    S.PLANNED: frozenset({S.SCHEDULED, S.HELD, S.SKIPPED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.PLANNED, S.SENT, S.HELD, S.SKIPPED, S.CANCELLED, S.EXPIRED}),
    S.HELD: frozenset({S.PLANNED, S.SCHEDULED, S.SKIPPED, S.CANCELLED}),
    S.CANCELLED: frozenset({S.PLANNED, S.SCHEDULED, S.HELD, S.SKIPPED}),
    S.SENT: frozenset({S.OPENED, S.STARTED, S.DONE, S.MISSED, S.WITHDRAWN}),
    S.OPENED: frozenset({S.STARTED, S.DONE, S.MISSED, S.WITHDRAWN}),
    S.STARTED: frozenset({S.DONE, S.MISSED}),
    S.DONE: frozenset(),
    S.SKIPPED: frozenset(),
    S.EXPIRED: frozenset(),
    S.MISSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
OPEN_STATES = (S.SENT, S.OPENED, S.STARTED)
WISHES = (S.PLANNED, S.SCHEDULED, S.HELD)
OVER = (S.DONE, S.SKIPPED, S.EXPIRED, S.MISSED, S.WITHDRAWN)
"""States that count as completed for what follows, from `done_at` on."""


def _refused_moves() -> str:
    """Return the condition under which a change of status is none of the allowed moves."""
    allowed = " OR ".join(
        f"OLD.status = {before.value} AND NEW.status IN ({', '.join(str(after.value) for after in sorted(afters))})"
        for before, afters in sorted(ALLOWED_MOVES.items(), key=lambda pair: (pair[0] != S.SCHEDULED, pair[0]))
        if afters
    )
    return f"OLD.status IS DISTINCT FROM NEW.status AND NOT ({allowed})"


class Assignment(TenantModel):
    """`local_at` and `tz` are the intention, `send_at` the consequence; no more than three indexes beside the key."""

    practice = models.ForeignKey("practice.Practice", on_delete=models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="assignments", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    rater = models.CharField(max_length=10, default="client")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    step = models.CharField(max_length=60)
    occurrence = models.PositiveIntegerField(default=1)
    plan_rev = models.PositiveIntegerField(default=1)
    activity_version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    local_at = WallClockField(null=True)
    tz = models.CharField(max_length=64)
    send_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(choices=AssignmentStatus, default=AssignmentStatus.PLANNED)
    hold_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "step", "occurrence"], name="one_assignment_per_occurrence")
        ]
        indexes = [
            models.Index(fields=["send_at", "id"], name="assignments_due", condition=Q(status=2)),
            models.Index(fields=["client", "send_at"], name="assignments_by_client"),
            models.Index(
                fields=["closes_at"],
                name="assignments_closing",
                condition=Q(status__in=[3, 4, 5], closes_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="allowed_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition(_refused_moves()),
                func="RAISE EXCEPTION 'assignment %: status % can''t become %', OLD.id, OLD.status, NEW.status;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.occurrence}"
