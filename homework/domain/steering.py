"""Changes a running enrolment: pause, resume, skip, send now, set or move a date, withdraw, end.

Each act is the same four moves in one transaction: lock the enrolment; `plan_rev += 1`; plan anew by the planner's
upsert; what the plan no longer has is cancelled. A preview is the same change of the plan without the write.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homework import events
from homework.domain import statements
from homework.domain.planning import (
    CONSENT,
    PAUSED,
    SOONEST_AFTER_MOVE,
    Plan,
    locked,
    materialise,
    occurrence_key,
    plan_of,
    write_rows,
)
from homework.domain.timing import Pause, Planned, Step, Waiting
from homework.models import Assignment, AssignmentStatus, Enrolment, EnrolmentStatus
from homework.models.assignment import ALLOWED_MOVES, WISHES
from practice import clock
from practice.audit import record
from practice.notifications.suppressing import suppress
from practice.people.models import User
from practice.tenancy import scope

S = AssignmentStatus


class CannotSteer(Exception):
    """The act makes no sense now; the message says why, for the therapist."""


@dataclass(frozen=True)
class Steered:
    """What an act did: the plan from now on, and how many had just gone out meanwhile."""

    enrolment: Enrolment
    rows: Sequence[Planned | Waiting]
    just_sent: int = 0


@transaction.atomic
def pause(*, enrolment: Enrolment, by: User | None, now: datetime) -> Steered:
    """Stop sending until resumed. What lies ahead will shift by whole days; what was sent stays open.

    Raises CannotSteer when it isn't running.
    """
    with scope(practice=enrolment.practice_id):
        row = _running(enrolment)
        before = _sent_ids(row)
        row.status, row.paused_at, row.plan_rev = EnrolmentStatus.PAUSED, row.paused_at or now, row.plan_rev + 1
        row.save(update_fields=["status", "paused_at", "plan_rev"])
        with connection.cursor() as cursor:
            cursor.execute(statements.HOLD_ENROLMENT, {"enrolment": row.pk, "reason": PAUSED})
        just_sent = _sent_ids(row) - before
        _quieten(row, now=now, only_due=True)
        _note("homework.paused", row, by, now)
        return Steered(row, [], len(just_sent))


def preview_resume(*, enrolment: Enrolment, now: datetime) -> list[Planned | Waiting]:
    """The dates after resuming now. Writes nothing."""
    with scope(practice=enrolment.practice_id):
        return _resumed(enrolment, plan_of(enrolment), now).dated(now=now)


@transaction.atomic
def resume(*, enrolment: Enrolment, by: User | None, now: datetime) -> Steered:
    """Go on after a pause: what lay ahead moves by the pause in whole days, rounded up.

    Calendar dates don't move; those that passed meanwhile are skipped. Raises CannotSteer when it isn't paused.
    """
    with scope(practice=enrolment.practice_id):
        row = locked(enrolment.pk)
        if row.status != EnrolmentStatus.PAUSED or row.paused_at is None:
            raise CannotSteer(_("This is not paused."))
        plan = plan_of(row)
        # nobody planned meanwhile: a date that came near since then has no row yet
        write_rows(enrolment=row, wanted=replace(plan, steps=_on_dates(plan)), now=now)
        skip_passed_dates(row, plan, now)
        plan = _resumed(row, plan_of(row), now)
        row.shifts = [[pause.began.isoformat(), pause.ended.isoformat()] for pause in plan.pauses]
        # without consent to treatment it stays interrupted: what goes by until consent is given shifts it too
        row.status, row.paused_at = EnrolmentStatus.RUNNING, None if row.client.treatment_consent else now
        return _planned_anew(row, plan, "homework.resumed", by=by, now=now)


def _resumed(row: Enrolment, plan: Plan, now: datetime) -> Plan:
    if row.paused_at is None:
        return plan
    pause = Pause(clock.local(row.paused_at, row.tz), clock.local(now, row.tz))
    return replace(plan, pauses=[*plan.pauses, pause]) if pause.ended > pause.began else plan


@transaction.atomic
def skip(*, assignment: Assignment, by: User | None, now: datetime) -> Steered:
    """Leave one occurrence out. It counts as completed for what follows, from now on.

    Raises CannotSteer when it was sent already.
    """
    with scope(practice=assignment.practice_id):
        row, one = _locked_wish(assignment)
        one.status, one.done_at = S.SKIPPED, now
        one.save(update_fields=["status", "done_at"])
        row.skipped = [*row.skipped, _key(one)]
        return _planned_anew(row, plan_of(row), "homework.skipped", by=by, now=now, subject=one)


def preview_move(*, assignment: Assignment, at_local: datetime, now: datetime) -> list[Planned | Waiting]:
    """The enrolment's dates with this occurrence at another local time. Writes nothing."""
    with scope(practice=assignment.practice_id):
        return _moved(plan_of(assignment.enrolment), assignment, at_local).dated(now=now)


@transaction.atomic
def move(*, assignment: Assignment, at_local: datetime, by: User | None, now: datetime) -> Steered:
    """Set or move one occurrence's local date and time for this client.

    Raises CannotSteer when it was sent already or the time has passed.
    """
    with scope(practice=assignment.practice_id):
        row, one = _locked_wish(assignment)
        if clock.resolve(at_local, row.tz) < now:
            raise CannotSteer(_("This time has passed. Choose a later one."))
        return _set_by_hand(row, one, at_local, "homework.moved", by=by, now=now)


@transaction.atomic
def send_now(*, assignment: Assignment, by: User | None, now: datetime) -> Steered:
    """Let one occurrence leave with the next tick, whatever it waited for.

    Raises CannotSteer when it was sent already, or the client hasn't consented, or the enrolment is paused.
    """
    with scope(practice=assignment.practice_id):
        row, one = _locked_wish(assignment)
        if row.status == EnrolmentStatus.PAUSED:
            raise CannotSteer(_("This is paused. Resume it first."))
        if not row.client.treatment_consent:
            raise CannotSteer(_("%(name)s has not yet agreed to treatment.") % {"name": row.client.called})
        if one.status == S.HELD:  # a poisoned row gets another try
            one.status, one.hold_reason = S.SCHEDULED, ""
            one.save(update_fields=["status", "hold_reason"])
        steered = _set_by_hand(row, one, clock.local(now, row.tz), "homework.sent_now", by=by, now=now)
        events.due_now.send(sender=Assignment, now=now)
        return steered


@transaction.atomic
def withdraw(*, assignment: Assignment, by: User | None, now: datetime) -> Assignment:
    """Take back what was sent by mistake: hidden from the client, kept and audited.

    Raises CannotSteer once the client has begun to answer.
    """
    with scope(practice=assignment.practice_id):
        row = locked(assignment.enrolment_id)
        one: Assignment = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
        if S.WITHDRAWN not in ALLOWED_MOVES[S(one.status)]:
            raise CannotSteer(_("This was begun already, or has not been sent."))
        one.status, one.done_at = S.WITHDRAWN, now
        one.save(update_fields=["status", "done_at"])
        suppress(subject_type="assignment", subject_ids=[one.pk], reason="withdrawn", now=now)
        _planned_anew(row, plan_of(row), "homework.withdrawn", by=by, now=now, subject=one)
        events.withdrawn.send(sender=Assignment, assignment=one, by=by, now=now)
        return one


@transaction.atomic
def end(*, enrolment: Enrolment, by: User | None, now: datetime) -> Steered:
    """Stop for good. What was sent stays open; nothing more is sent."""
    with scope(practice=enrolment.practice_id):
        row = locked(enrolment.pk)
        before = _sent_ids(row)
        row.status, row.ended_at, row.plan_rev = EnrolmentStatus.ENDED, now, row.plan_rev + 1
        row.save(update_fields=["status", "ended_at", "plan_rev"])
        with connection.cursor() as cursor:
            cursor.execute(statements.CANCEL_ENROLMENT, {"enrolment": row.pk})
        _quieten(row, now=now)
        _note("homework.ended", row, by, now)
        return Steered(row, [], len(_sent_ids(row) - before))


@transaction.atomic
def move_zone(*, enrolment: Enrolment, tz: str, by: User | None, now: datetime) -> Steered:
    """Follow the client into another zone: wall clocks stay, moments change; half an hour from now at the soonest."""
    with scope(practice=enrolment.practice_id):
        row = locked(enrolment.pk)
        row.tz = clock.canonical_zone(tz)
        steered = _planned_anew(row, plan_of(row), "homework.zone_moved", by=by, now=now)
        soon = now + SOONEST_AFTER_MOVE
        Assignment.objects.filter(enrolment=row, status=S.SCHEDULED, send_at__lt=soon).update(send_at=soon)
        return steered


def _running(enrolment: Enrolment) -> Enrolment:
    row = locked(enrolment.pk)
    if row.status != EnrolmentStatus.RUNNING:
        raise CannotSteer(_("This is not running."))
    return row


def _locked_wish(assignment: Assignment) -> tuple[Enrolment, Assignment]:
    """The enrolment, then the row, both locked. If the engine holds the row, this waits and finds it sent."""
    row = locked(assignment.enrolment_id)
    if row.status == EnrolmentStatus.ENDED:
        raise CannotSteer(_("This has ended."))
    one: Assignment = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    if one.status not in WISHES:
        raise CannotSteer(_("This had just gone out."))
    return row, one


def _key(one: Assignment) -> str:
    return one.step if one.occurrence == 1 else f"{one.step}#{one.occurrence}"


def _moved(plan: Plan, one: Assignment, at_local: datetime) -> Plan:
    return replace(plan, moved={**plan.moved, (one.step, one.occurrence): at_local})


def _set_by_hand(
    row: Enrolment, one: Assignment, at_local: datetime, verb: str, *, by: User | None, now: datetime
) -> Steered:
    plan = _moved(plan_of(row), one, at_local)
    row.dates = {**row.dates, _key(one): at_local.isoformat()}
    return _planned_anew(row, plan, verb, by=by, now=now, subject=one)


def _planned_anew(
    row: Enrolment, plan: Plan, verb: str, *, by: User | None, now: datetime, subject: Any = None
) -> Steered:
    before = _sent_ids(row)
    row.plan_rev += 1
    row.save()
    dated = materialise(enrolment=row, now=now, wanted=replace(plan, tz=row.tz))
    _note(verb, row, by, now, subject)
    return Steered(row, dated, len(_sent_ids(row) - before))


def _sent_ids(row: Enrolment) -> set[int]:
    return set(Assignment.objects.filter(enrolment=row, sent_at__isnull=False).values_list("pk", flat=True))


def skip_passed_dates(row: Enrolment, plan: Plan, now: datetime) -> None:
    """Leave out calendar dates that came and went while the locked enrolment was held: in a pause, or without consent.

    A date that the pathway names, or one set by hand; the other occurrences of a step are the plan's to shift.
    """
    passed = Q(step__in=[step.key for step in _on_dates(plan)])
    for step, occurrence in map(occurrence_key, row.dates):
        passed |= Q(step=step, occurrence=occurrence)
    held = Assignment.objects.filter(enrolment=row, status=S.HELD, hold_reason__in=[PAUSED, CONSENT], send_at__lt=now)
    held.filter(passed).update(status=S.SKIPPED, done_at=now, hold_reason="")


def _on_dates(plan: Plan) -> list[Step]:
    return [step for step in plan.steps if step.timing.kind == "date"]


def _quieten(row: Enrolment, *, now: datetime, only_due: bool = False) -> None:
    """After this commit no call to a provider begins for what the enrolment sent."""
    sent = Assignment.objects.filter(enrolment=row, sent_at__isnull=False, done_at__isnull=True)
    ids = list(sent.values_list("pk", flat=True))
    suppress(subject_type="assignment", subject_ids=ids, reason=str(row.status), now=now, only_due=only_due)


def _note(verb: str, row: Enrolment, by: User | None, now: datetime, subject: Any = None) -> None:
    record(verb, practice_id=row.practice_id, by=by, now=now, client_id=row.client_id, subject=subject or row)
