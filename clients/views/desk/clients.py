"""Caseload, new client, and the tabs of a client's page that belong to this room."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import client_for, may_add
from clients.domain import inviting, recording
from clients.domain.adding import CannotAdd, add_client
from clients.forms.client import DetailsForm, NewClientForm
from clients.models import Client
from clients.queries.attention import attention_about
from clients.queries.caseload import caseload
from clients.queries.client_frame import client_frame
from clients.queries.counting import keep_caseload_size
from clients.queries.endings import what_was_cancelled
from clients.queries.record import record_of
from clients.queries.registries import CLIENT_CARDS
from practice.permissions.doors import desk
from practice.permissions.opening import is_opening


@require_GET
@desk
def caseload_page(request: HttpRequest) -> HttpResponse:
    """Show the person's clients."""
    given = request.GET
    wanted = {key: given.get(key, "") for key in ("view", "search", "sort")}
    wanted["sort"] = wanted["sort"] or "look"
    page = given.get("page", "1")
    found = caseload(request.seat, now=timezone.now(), page=page, **wanted)
    keep_caseload_size(request, found.total)
    return render(request, "clients/desk/caseload.html", {"caseload": found, **wanted})


@require_http_methods(["GET", "POST"])
@desk
def new(request: HttpRequest) -> HttpResponse:
    """Add a person and, if wanted, invite them."""
    seat = request.seat
    may_add(seat)
    form = NewClientForm(request.POST, seat=seat) if request.method == "POST" else NewClientForm.empty(seat)
    if request.method == "POST" and form.is_valid():
        now, therapist = timezone.now(), form.cleaned_data["therapist"]
        try:
            client = add_client(
                practice=seat.practice, details=form.details(), therapist=therapist, by=seat.user, now=now
            )
        except CannotAdd as error:
            form.add_error("email", str(error))
        else:
            if form.cleaned_data["invite"] and client.user.email:
                inviting.invite(client=client, by=seat.user, now=now)
            messages.success(request, _("%(name)s is added.") % {"name": client.called})
            if therapist != seat.user:
                return redirect("clients:caseload")
            return redirect("clients:client-overview", client_id=client.pk)
    return render(request, "clients/desk/new.html", {"form": form})


@require_GET
@desk
def overview(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show where the client stands. Leaves a trace that the page was opened."""
    now, seat = timezone.now(), request.seat
    client = client_for(seat, client_id)
    recording.note_opening(client=client, by=seat.user, now=now, anew=is_opening(request))
    cards = [(card, card.context(request, client, now)) for card in CLIENT_CARDS]
    shown = [{"template": card.template, "column": card.column, "card": found} for card, found in cards if found]
    context = client_frame(seat, client, tab="overview", now=now)
    context |= {"attention": attention_about(client, seat=seat), "cards": shown}
    return render(request, "clients/desk/overview.html", context)


@require_GET
@desk
def record(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show details, invitation, consents, care team, and who opened the record."""
    client = client_for(request.seat, client_id)
    now = timezone.now()
    _note_details(request, client, now)
    context = client_frame(request.seat, client, tab="record", now=now)
    return render(
        request,
        "clients/desk/record.html",
        context | {"record": record_of(client, now=now), "ending": what_was_cancelled(client)},
    )


@require_http_methods(["GET", "POST"])
@desk
def edit(request: HttpRequest, client_id: int) -> HttpResponse:
    """Change the client's details."""
    client, now = client_for(request.seat, client_id, to="change"), timezone.now()
    form = DetailsForm(request.POST) if request.method == "POST" else DetailsForm.of(client)
    if request.method == "POST" and form.is_valid():
        recording.change_details(client=client, details=form.details(), by=request.user, now=now)
        messages.success(request, _("Saved."))
        return redirect("clients:client-record", client_id=client.pk)
    _note_details(request, client, now)
    context = client_frame(request.seat, client, tab="record", now=now)
    return render(request, "clients/desk/edit.html", context | {"form": form})


def _note_details(request: HttpRequest, client: Client, now: datetime) -> None:
    verb, anew = "client_details_opened", is_opening(request)
    recording.note_opening(client=client, by=request.user, now=now, verb=verb, anew=anew)


@require_POST
@desk
def invite(request: HttpRequest, client_id: int) -> HttpResponse:
    """Send the invitation, or send it again."""
    client = client_for(request.seat, client_id, to="change")
    try:
        inviting.invite(client=client, by=request.user, now=timezone.now())
    except inviting.CannotInvite as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": client.user.email})
    return redirect("clients:client-record", client_id=client.pk)
