"""Keeps an enrolment materialised as rows: what `timing.plan()` says, written by one idempotent upsert.

The enrolment's lock comes first, then its rows by id; the engine takes no enrolment lock, so the two never
deadlock. A row the engine holds is waited for and then left as it is: nothing is unsent, nothing doubled.
"""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from homework.domain import statements
from homework.domain.timing import Pause, Planned, Step, Waiting, parse_steps, plan
from homework.models import Activity, ActivityVersion, Assignment, AssignmentStatus, Enrolment, EnrolmentStatus
from homework.models.assignment import OVER
from practice import clock
from practice.tenancy import every_practice, scope
from practice.tenancy.outages import is_outage

logger = logging.getLogger(__name__)
BATCH: Final = 200
SECONDS: Final = 40.0  # of the sixty between two ticks
TRY_AGAIN: Final = timedelta(hours=1)
GOOD_FOR: Final = timedelta(days=1)
WEEKLY_STALE: Final = timedelta(days=7)
SOONEST_AFTER_MOVE: Final = timedelta(minutes=30)
PAUSED, CONSENT = "paused", "consent"


class CannotPlan(Exception):
    """A plan names what isn't there; the message says which step."""


@dataclass(frozen=True)
class Plan:
    """All that decides an enrolment's dates. A steering action is a change of this, and nothing else."""

    steps: Sequence[Step]
    start: datetime
    tz: str
    moved: Mapping[tuple[str, int], datetime] = field(default_factory=dict)
    pauses: Sequence[Pause] = ()
    completed: Mapping[str, datetime] = field(default_factory=dict)
    sent: Mapping[str, datetime] = field(default_factory=dict)

    def dated(self, *, now: datetime) -> list[Planned | Waiting]:
        """Every occurrence up to the horizon, and what waits: preview and truth alike."""
        return plan(
            steps=self.steps,
            start=self.start,
            tz=self.tz,
            moved=self.moved,
            pauses=self.pauses,
            completed=self.completed,
            sent=self.sent,
            ahead_from=max(self.start, clock.local(now, self.tz)),
        )

    def step(self, key: str) -> Step:
        """The step with this key. Raises KeyError."""
        found = next((step for step in self.steps if step.key == key), None)
        if found is None:
            raise KeyError(key)
        return found


def plan_of(enrolment: Enrolment) -> Plan:
    """The enrolment's plan as it stands, with what has happened in it."""
    steps = parse_steps(enrolment.pathway_version.steps)
    rows = list(
        Assignment.objects.filter(enrolment=enrolment)
        .order_by("step", "occurrence")
        .values("step", "occurrence", "status", "send_at", "sent_at", "done_at")
    )
    return Plan(
        steps=steps,
        start=enrolment.start_local,
        tz=enrolment.tz,
        moved={occurrence_key(key): datetime.fromisoformat(wall) for key, wall in enrolment.dates.items()},
        pauses=[Pause(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in enrolment.shifts],
        completed=_completed(steps, rows),
        sent=_sent(rows),
    )


def occurrence_key(text: str) -> tuple[str, int]:
    """Step and occurrence of a key in `Enrolment.dates`: `step` or `step#3`."""
    step, _, number = text.partition("#")
    return step, int(number or 1)


def _completed(steps: Iterable[Step], rows: Sequence[Mapping[str, Any]]) -> dict[str, datetime]:
    """When each step was completed: a counted one with its last occurrence, an endless one with its first."""
    completed = {}
    for step in steps:
        over = {row["occurrence"]: row["done_at"] for row in rows if row["step"] == step.key and row["status"] in OVER}
        wanted = step.timing.occurrences() or 1
        if all(number in over for number in range(1, wanted + 1)) and wanted <= len(over):
            completed[step.key] = max(over[number] for number in range(1, wanted + 1))
    return completed


def _sent(rows: Iterable[Mapping[str, Any]]) -> dict[str, datetime]:
    """When each step's first occurrence was sent; one that was left out while it waited counts from then."""
    return {
        row["step"]: row["sent_at"] or row["done_at"]
        for row in rows
        if row["occurrence"] == 1 and (row["sent_at"] or (row["status"] in OVER and row["send_at"] is None))
    }


def materialise(*, enrolment: Enrolment, now: datetime, wanted: Plan | None = None) -> list[Planned | Waiting]:
    """The plan, now also in rows. The caller holds the enrolment's lock; calling again changes nothing.

    Rows of a plan that has been replaced (`plan_rev` raised by the caller) become cancelled.
    Raises CannotPlan when a step's activity was never published.
    """
    wanted = wanted or plan_of(enrolment)
    dated = write_rows(enrolment=enrolment, wanted=wanted, now=now)
    with connection.cursor() as cursor:
        cursor.execute(statements.CANCEL_LEFT_OVER, {"enrolment": enrolment.pk, "rev": enrolment.plan_rev})
    _note_progress(enrolment, wanted, now)
    return dated


def write_rows(*, enrolment: Enrolment, wanted: Plan, now: datetime) -> list[Planned | Waiting]:
    """The plan, or a part of it, now also in rows; what else is there stays. Under the enrolment's lock.

    Raises CannotPlan.
    """
    dated = wanted.dated(now=now)
    hold = _hold_of(enrolment)
    versions = _versions(enrolment, wanted.steps)
    steps = {step.key: step for step in wanted.steps}
    rows = [_row(one, steps[one.step], versions[one.step], tz=wanted.tz, hold=hold) for one in dated]
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    params: dict[str, Any] = {name: list(values) for name, values in zip(COLUMNS, columns, strict=True)}
    params |= {
        "practice": enrolment.practice_id,
        "client": enrolment.client_id,
        "recipient": enrolment.recipient_id,
        "rater": enrolment.rater,
        "enrolment": enrolment.pk,
        "tz": enrolment.tz,
        "rev": enrolment.plan_rev,
        "soon": now + SOONEST_AFTER_MOVE,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.UPSERT, params)
    return dated


COLUMNS: Final = (
    "step", "occurrence", "version", "local_at", "send_at", "closes_at", "expires_at", "remind_at", "status", "hold",
)  # fmt: skip


def _row(one: Planned | Waiting, step: Step, version: ActivityVersion, *, tz: str, hold: str) -> tuple[Any, ...]:
    if isinstance(one, Waiting):
        return (one.step, 1, version.pk, None, None, None, None, None, AssignmentStatus.PLANNED.value, "")
    closes = _days_later(one, step.open_days or version.open_days, tz)
    expires = closes
    if step.timing.occurrences() != 1:
        stale = one.send_at + WEEKLY_STALE
        expires = min(closes, stale) if closes else stale
    remind = _days_later(one, step.reminder_days or version.reminder_days, tz)
    status = AssignmentStatus.HELD if hold else AssignmentStatus.SCHEDULED
    return (
        one.step, one.occurrence, version.pk, one.local_at, one.send_at, closes, expires, remind, status.value, hold,
    )  # fmt: skip


def _days_later(one: Planned, days: int | None, tz: str) -> datetime | None:
    return clock.resolve(one.local_at + timedelta(days=days), tz) if days else None


def _hold_of(enrolment: Enrolment) -> str:
    if not enrolment.client.treatment_consent:
        return CONSENT
    return PAUSED if enrolment.status == EnrolmentStatus.PAUSED else ""


def _versions(enrolment: Enrolment, steps: Iterable[Step]) -> dict[str, ActivityVersion]:
    """What each step sends: a version fixed in the pathway, else the activity's latest."""
    fixed = {raw["key"]: raw["version"] for raw in enrolment.pathway_version.steps if raw.get("version")}
    slugs = {step.activity for step in steps if step.key not in fixed}
    latest = {
        activity.slug: activity.latest
        for activity in Activity.objects.filter(slug__in=slugs, latest__isnull=False).select_related("latest")
    }
    chosen = ActivityVersion.objects.in_bulk(set(fixed.values())) if fixed else {}
    versions = {step.key: chosen[fixed[step.key]] if step.key in fixed else latest.get(step.activity) for step in steps}
    for step in steps:
        if versions[step.key] is None:
            raise CannotPlan(f"step {step.key!r}: the activity {step.activity!r} has not been published")
    return versions  # type: ignore[return-value]


def _note_progress(enrolment: Enrolment, plan: Plan, now: datetime) -> None:
    """Say until when the plan is good; an enrolment in which nothing is left to happen has ended."""
    counts = dict.fromkeys((step.key for step in plan.steps), 0)
    running = False
    rows = Assignment.objects.filter(enrolment=enrolment).exclude(status=AssignmentStatus.CANCELLED)
    for step, status in rows.values_list("step", "status"):
        counts[step] = counts.get(step, 0) + 1
        running = running or status not in OVER
    more = any(counts[step.key] < (step.timing.occurrences() or counts[step.key] + 1) for step in plan.steps)
    if not running and not more and enrolment.status == EnrolmentStatus.RUNNING:
        enrolment.status, enrolment.ended_at = EnrolmentStatus.ENDED, now
    enrolment.planned_until = now + GOOD_FOR
    enrolment.save(update_fields=["status", "ended_at", "planned_until"])


def locked(enrolment_id: int) -> Enrolment:
    """The enrolment under its lock for the rest of the transaction. Raises Enrolment.DoesNotExist."""
    chosen = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    enrolment: Enrolment = chosen.select_related("pathway_version", "client").get(pk=enrolment_id)
    return enrolment


@transaction.atomic
def plan_anew(*, enrolment_id: int, practice_id: int, now: datetime) -> None:
    """Bring one enrolment's rows up to date: after an answer, after something closed, each day."""
    with scope(practice=practice_id):
        enrolment = locked(enrolment_id)
        if enrolment.status != EnrolmentStatus.ENDED:
            materialise(enrolment=enrolment, now=now)


def plan_due(*, now: datetime, seconds: float = SECONDS, batch: int = BATCH) -> int:
    """How many enrolments whose plan had run out were looked at, each in a transaction of its own.

    Goes on until none is left or the time is over: after an outage or a busy midnight there are many.
    """
    until, looked_at = time.monotonic() + seconds, 0
    while due := _run_out(now, batch):
        for enrolment_id, practice_id in due:
            _plan_or_put_off(enrolment_id, practice_id, now)
        looked_at += len(due)
        if len(due) < batch or time.monotonic() > until:
            break
    return looked_at


def _run_out(now: datetime, most: int) -> list[tuple[int, int]]:
    """Enrolments whose plan has run out, with their practice: those that something happened to first."""
    with every_practice("the planner serves all practices"):
        return list(
            Enrolment.objects.filter(status=EnrolmentStatus.RUNNING)
            .exclude(planned_until__gt=now)
            .order_by(F("planned_until").asc(nulls_first=True), "pk")
            .values_list("pk", "practice_id")[:most]
        )


def _plan_or_put_off(enrolment_id: int, practice_id: int, now: datetime) -> None:
    """Plan one enrolment. A plan that can't be made, whyever, is tried again later and stops nobody else's."""
    try:
        plan_anew(enrolment_id=enrolment_id, practice_id=practice_id, now=now)
    except Exception as error:
        if is_outage(error):  # a lost connection or a lock is no plan's fault: next tick
            raise
        logger.exception("enrolment %s can't be planned", enrolment_id)
        with every_practice("the planner serves all practices"):
            Enrolment.objects.filter(pk=enrolment_id).update(planned_until=now + TRY_AGAIN)
