"""What consent, moving and archiving do to homework: rows are held, planned anew or cancelled, in one transaction."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clients.models import Client
from clients.queries.endings import Line
from homework.domain import statements
from homework.domain.planning import CONSENT, locked, materialise, plan_of
from homework.domain.steering import end, move_zone, skip_passed_dates
from homework.models import Assignment, Enrolment, EnrolmentStatus
from homework.queries.ending import ending_lines
from practice import clock
from practice.notifications.suppressing import suppress_user
from practice.people.models import User
from practice.tenancy import scope


@transaction.atomic
def hold_all(*, client: Client, now: datetime) -> None:
    """Hold every send to the client: treatment consent was withdrawn."""
    with scope(practice=client.practice_id):
        for enrolment in _enrolments(client):
            if enrolment.paused_at is None:
                enrolment.paused_at = now
                enrolment.save(update_fields=["paused_at"])
        with connection.cursor() as cursor:
            cursor.execute(statements.HOLD_CLIENT, {"client": client.pk, "reason": CONSENT})
        suppress_user(user_id=client.user_id, practice_id=client.practice_id, reason="consent", now=now)


@transaction.atomic
def plan_from_consent(*, client: Client, now: datetime) -> None:
    """Let go what waited for consent to treatment, planned from now.

    A pathway that had not begun starts now at the earliest; one that was interrupted shifts as after a pause.
    Calendar dates that passed meanwhile are skipped, as after a pause; an activity that was sent by itself leaves late.
    """
    with scope(practice=client.practice_id):
        for enrolment in _enrolments(client):
            if enrolment.status == EnrolmentStatus.PAUSED:
                continue
            if not enrolment.single:
                skip_passed_dates(enrolment, plan_of(enrolment), now)
            _start_over(enrolment, now)
            enrolment.plan_rev += 1
            enrolment.save()
            materialise(enrolment=enrolment, now=now, wanted=plan_of(enrolment))


def _start_over(enrolment: Enrolment, now: datetime) -> None:
    wall: Any = clock.local(now, enrolment.tz)
    if Assignment.objects.filter(enrolment=enrolment, sent_at__isnull=False).exists():
        if enrolment.paused_at is not None:
            began = clock.local(enrolment.paused_at, enrolment.tz)
            enrolment.shifts = [*enrolment.shifts, [began.isoformat(), wall.isoformat()]]
    else:
        enrolment.start_local = max(enrolment.start_local, wall)
    enrolment.paused_at = None


@transaction.atomic
def move_zones(*, client: Client, now: datetime) -> None:
    """Follow a client into another zone: wall clocks stay, nothing leaves sooner than in half an hour."""
    with scope(practice=client.practice_id):
        for enrolment in _enrolments(client):
            if enrolment.recipient_id == client.user_id:
                move_zone(enrolment=enrolment, tz=client.zone, by=None, now=now)


@transaction.atomic
def end_all(*, client: Client, by: User | None, now: datetime) -> list[Line]:
    """Return what was cancelled: every enrolment has ended, for the client was archived.

    1. Lock the enrolments, so that nothing is planned. 2. Lock what waits, so that what the engine holds this moment
    is sent and left alone. 3. Cancel the rest, and what the outbox still holds for the client.
    """
    with scope(practice=client.practice_id):
        enrolments = _enrolments(client)
        lines = ending_lines(client, now, lock=True)
        for enrolment in enrolments:
            end(enrolment=enrolment, by=by, now=now)
        suppress_user(user_id=client.user_id, practice_id=client.practice_id, reason="archived", now=now)
    return lines


def _enrolments(client: Client) -> list[Enrolment]:
    """Those that haven't ended, locked in order."""
    ids = Enrolment.objects.filter(client=client).exclude(status=EnrolmentStatus.ENDED).order_by("pk")
    return [locked(pk) for pk in ids.values_list("pk", flat=True)]
