"""Appointments: the week, a client's tab, planning, moving, and what became of them."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import appointment_for, client_for
from clients.domain import meeting
from clients.domain.recording import note_opening
from clients.forms.appointment import AppointmentForm
from clients.queries.appointments import appointments_with, undecided_of, week_of
from clients.queries.client_frame import client_frame
from practice.clock.resolving import local
from practice.permissions.doors import desk
from practice.permissions.going import next_url
from practice.permissions.opening import is_opening

DECISIONS = {"held": meeting.we_met, "missed": meeting.note_missed, "cancelled": meeting.cancel_appointment}
WEEK = dt.timedelta(days=7)


@require_GET
@desk
def week(request: HttpRequest) -> HttpResponse:
    """Show seven days of the person's own appointments, and those that wait for "we met"."""
    now = timezone.now()
    today = local(now, request.user.zone).date()
    first = _day(request.GET.get("from")) or today - dt.timedelta(days=today.weekday())
    context = {
        "days": week_of(request.user, first=first),
        "undecided": undecided_of(request.user, now=now),
        "today": today,
        "before": first - WEEK,
        "after": first + WEEK,
    }
    return render(request, "clients/desk/week.html", context)


@require_http_methods(["GET", "POST"])
@desk
def of_client(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show the client's appointments and plan the next."""
    client = client_for(request.seat, client_id, to="change" if request.method == "POST" else "open")
    now = timezone.now()
    form = AppointmentForm(request.POST) if request.method == "POST" else AppointmentForm()
    if request.method == "POST" and form.is_valid():
        try:
            meeting.plan_appointment(
                client=client,
                therapist=request.user,
                starts_at=form.starts_at(request.user.zone),
                minutes=form.cleaned_data["minutes"],
                mode=form.cleaned_data["mode"],
                by=request.user,
                now=now,
            )
        except meeting.CannotDecide as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Planned. %(name)s sees it in the portal.") % {"name": client.called})
        return redirect("clients:client-appointments", client_id=client.pk)
    verb, anew = "client_appointments_opened", is_opening(request)
    note_opening(client=client, by=request.user, now=now, verb=verb, anew=anew)
    ahead, over = appointments_with(client, now=now)
    context = client_frame(request.seat, client, tab="appointments", now=now)
    return render(
        request, "clients/desk/appointments.html", context | {"form": form, "ahead": ahead, "over": over, "now": now}
    )


@require_http_methods(["GET", "POST"])
@desk
def move(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Change day, time, length or place of a planned appointment."""
    appointment = appointment_for(request.seat, appointment_id)
    zone = request.user.zone
    form = AppointmentForm(request.POST) if request.method == "POST" else AppointmentForm.of(appointment, zone)
    if request.method == "POST" and form.is_valid():
        try:
            meeting.move_appointment(
                appointment=appointment,
                starts_at=form.starts_at(zone),
                minutes=form.cleaned_data["minutes"],
                mode=form.cleaned_data["mode"],
                by=request.user,
                now=timezone.now(),
            )
        except meeting.CannotDecide as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Moved."))
            return redirect("clients:client-appointments", client_id=appointment.client_id)
    context = client_frame(request.seat, appointment.client, tab="appointments", now=timezone.now())
    return render(request, "clients/desk/move.html", context | {"form": form, "appointment": appointment})


@require_POST
@desk
def decide(request: HttpRequest, appointment_id: int, decision: str) -> HttpResponse:
    """Say "we met", missed or cancelled."""
    appointment = appointment_for(request.seat, appointment_id)
    words = {"held": _("Noted: you met."), "missed": _("Noted: missed."), "cancelled": _("Cancelled.")}
    try:
        DECISIONS[decision](appointment=appointment, by=request.user, now=timezone.now())
    except meeting.CannotDecide as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words[decision])
    fallback = redirect("clients:client-appointments", client_id=appointment.client_id).url
    return redirect(next_url(request, fallback))


def _day(text: str | None) -> dt.date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None
