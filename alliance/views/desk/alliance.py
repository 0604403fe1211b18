"""The Alliance tab, and what a therapist says to a signal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alliance.access import rating_to_read, signal_for
from alliance.domain.choosing_forms import choose_forms
from alliance.domain.judging import find_useful, note_opening
from alliance.queries.alliance_tab import alliance_tab
from alliance.queries.answers_page import answers_page
from clients.access import client_for
from clients.queries.client_frame import client_frame
from practice.permissions.doors import desk
from practice.permissions.opening import is_opening


@require_GET
@desk
def tab(request: HttpRequest, client_id: int) -> HttpResponse:
    """How the two work together: both raters' courses, the newest signal, where they differ."""
    client = client_for(request.seat, client_id)
    now = timezone.now()
    note_opening(client=client, by=request.user, now=now, anew=is_opening(request))
    frame = client_frame(request.seat, client, tab="alliance", now=now)
    return render(request, "alliance/desk/tab.html", frame | {"tab": alliance_tab(client, request.user)})


@require_GET
@desk
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client answered to one form, item by item."""
    rating = rating_to_read(request.seat, pk)
    now = timezone.now()
    note_opening(client=rating.client, by=request.user, now=now, rating=rating, anew=is_opening(request))
    frame = client_frame(request.seat, rating.client, tab="alliance", now=now)
    return render(request, "alliance/desk/answers.html", frame | answers_page(rating))


@require_POST
@desk
def forms(request: HttpRequest, client_id: int) -> HttpResponse:
    """Choose which forms go out after each session."""
    client = client_for(request.seat, client_id, to="change")
    choose_forms(client=client, forms=request.POST.getlist("forms"), by=request.user, now=timezone.now())
    messages.success(request, _("Kept. It holds from the next session on."))
    return redirect("alliance:desk-tab", client_id=client_id)


@require_POST
@desk
def useful(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep whether a signal was useful."""
    signal = signal_for(request.seat, pk)
    find_useful(signal=signal, useful=request.POST.get("useful") == "yes", by=request.user, now=timezone.now())
    messages.success(request, _("Thank you. That is kept with the signal."))
    return redirect("alliance:desk-tab", client_id=signal.client_id)
