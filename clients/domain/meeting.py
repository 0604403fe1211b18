"""Appointments: planning, changing, and saying what became of them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.events import appointment_held
from clients.models import Appointment, AppointmentMode, AppointmentStatus, Client
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope


class CannotDecide(Exception):
    """Why the appointment stays as it is; the message is for the page."""


@transaction.atomic
def plan_appointment(
    *,
    client: Client,
    therapist: User,
    starts_at: datetime,
    by: User,
    now: datetime,
    minutes: int = 50,
    mode: str = AppointmentMode.ROOM,
    zone: str = "",
) -> Appointment:
    """Return the planned appointment. `zone` is where it takes place, by default the planner's own.

    Raises CannotDecide once treatment has ended.
    """
    with scope(practice=client.practice_id):
        if Client.objects.locked().get(pk=client.pk).has_ended:
            raise CannotDecide(_("Treatment has ended. Restore the client first."))
        appointment = Appointment.objects.create(
            practice_id=client.practice_id,
            client=client,
            therapist=therapist,
            starts_at=starts_at,
            zone=zone or by.zone,
            minutes=minutes,
            mode=mode,
            created_at=now,
        )
        _keep_trace("appointment_planned", appointment, by, now)
    return appointment


@transaction.atomic
def move_appointment(
    *, appointment: Appointment, starts_at: datetime, minutes: int, mode: str, by: User, now: datetime
) -> Appointment:
    """Return the appointment at another time. Raises CannotDecide unless it is still planned."""
    with scope(practice=appointment.practice_id):
        appointment = _locked(appointment)
        if appointment.status != AppointmentStatus.PLANNED:
            raise CannotDecide(_("This appointment is over. Plan a new one instead."))
        appointment.starts_at, appointment.minutes, appointment.mode = starts_at, minutes, mode
        appointment.save(update_fields=["starts_at", "minutes", "mode"])
        _keep_trace("appointment_planned", appointment, by, now)
    return appointment


@transaction.atomic
def we_met(*, appointment: Appointment, by: User, now: datetime) -> Appointment:
    """Return the appointment, held and counted: its number is the client's next. Saying so twice changes nothing.

    Locks the client's row, so that two counts can't take one number. Raises CannotDecide when it was cancelled.
    """
    with scope(practice=appointment.practice_id):
        client = Client.objects.locked().get(pk=appointment.client_id)
        appointment = _locked(appointment)
        if appointment.status == AppointmentStatus.HELD:
            return appointment
        if appointment.status == AppointmentStatus.CANCELLED:
            raise CannotDecide(_("This appointment was cancelled. Plan a new one to say that you met."))
        client.sessions_held += 1
        client.save(update_fields=["sessions_held"])
        appointment.number, appointment.status, appointment.decided_at = (
            client.sessions_held,
            AppointmentStatus.HELD,
            now,
        )
        appointment.save(update_fields=["number", "status", "decided_at"])
        _keep_trace("appointment_decided", appointment, by, now)
        appointment_held.send(Appointment, appointment=appointment, by=by, now=now)
    return appointment


def note_missed(*, appointment: Appointment, by: User, now: datetime) -> Appointment:
    """Return the appointment, missed. Raises CannotDecide once it was held."""
    return _decide(appointment, AppointmentStatus.MISSED, by, now)


def cancel_appointment(*, appointment: Appointment, by: User, now: datetime) -> Appointment:
    """Return the appointment, cancelled. Raises CannotDecide once it was held."""
    return _decide(appointment, AppointmentStatus.CANCELLED, by, now)


@transaction.atomic
def _decide(appointment: Appointment, status: AppointmentStatus, by: User, now: datetime) -> Appointment:
    with scope(practice=appointment.practice_id):
        appointment = _locked(appointment)
        if appointment.status == AppointmentStatus.HELD:
            raise CannotDecide(_("You said that you met. That can't be taken back."))
        appointment.status, appointment.decided_at = status, now
        appointment.save(update_fields=["status", "decided_at"])
        _keep_trace("appointment_decided", appointment, by, now)
    return appointment


def _locked(appointment: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("client", "therapist")
    row: Appointment = rows.get(pk=appointment.pk)
    return row


def _keep_trace(verb: str, appointment: Appointment, by: User, now: datetime) -> None:
    record(
        verb,
        practice_id=appointment.practice_id,
        by=by,
        now=now,
        client_id=appointment.client_id,
        subject=appointment,
        status=appointment.status,
    )
