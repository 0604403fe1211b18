"""Appointments: of one member of staff, of one client."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from clients.models import Appointment, AppointmentStatus, Client
from practice.clock.resolving import day_start, local
from practice.people.models import User
from practice.tenancy.compiled import Compiled


@dataclass(frozen=True)
class Day:
    """A day in the reader's zone and what is planned on it."""

    date: dt.date
    appointments: list[Appointment]


def today_of(user: User, *, now: dt.datetime) -> list[Appointment]:
    """Return the user's appointments of today, in their zone, by time; cancelled ones left out. One query."""
    today = local(now, user.zone).date()
    return _between(user, today, today + dt.timedelta(days=1))


def next_day_of(user: User, *, now: dt.datetime) -> Appointment | None:
    """Return the user's next planned appointment. One query."""
    rows = Appointment.objects.filter(therapist=user, status=AppointmentStatus.PLANNED, starts_at__gte=now)
    return rows.select_related("client").order_by("starts_at").first()


def week_of(user: User, *, first: dt.date) -> list[Day]:
    """Return seven days from `first` with the user's appointments, empty days too. One query."""
    days = [first + dt.timedelta(days=n) for n in range(7)]
    rows = _between(user, first, first + dt.timedelta(days=7))
    return [Day(day, [row for row in rows if local(row.starts_at, user.zone).date() == day]) for day in days]


def undecided_of(user: User, *, now: dt.datetime, limit: int = 20) -> list[Appointment]:
    """Return the user's appointments that are over and wait for "we met". One query."""
    rows = Appointment.objects.filter(therapist=user, status=AppointmentStatus.PLANNED, starts_at__lt=now)
    return list(rows.select_related("client").order_by("-starts_at")[:limit])


def appointments_with(client: Client, *, now: dt.datetime) -> tuple[list[Appointment], list[Appointment]]:
    """Return what lies ahead (soonest first; today's count until they are decided) and what is over. One query."""
    rows = list(Appointment.objects.filter(client=client).select_related("therapist").order_by("starts_at")[:500])
    ahead = [row for row in rows if row.status == AppointmentStatus.PLANNED]
    over = [row for row in reversed(rows) if row.status != AppointmentStatus.PLANNED]
    return ahead, over


def next_with(client: Client, *, now: dt.datetime) -> Appointment | None:
    """Return the client's next planned appointment; one that began within the hour still counts. One query."""
    return NEXT.first(client, now - dt.timedelta(hours=1))


SPAN: Compiled[Appointment] = Compiled(
    lambda user, since, until: (
        Appointment.objects.filter(
            ~Q(status=AppointmentStatus.CANCELLED), therapist=user, starts_at__gte=since, starts_at__lt=until
        )
        .select_related("client")
        .order_by("starts_at")
    )
)
NEXT: Compiled[Appointment] = Compiled(
    lambda client, since: (
        Appointment.objects.filter(client=client, status=AppointmentStatus.PLANNED, starts_at__gte=since)
        .select_related("therapist")
        .order_by("starts_at")[:1]
    )
)


def _between(user: User, first: dt.date, until: dt.date) -> list[Appointment]:
    return SPAN.of(user, day_start(first, user.zone), day_start(until, user.zone))
