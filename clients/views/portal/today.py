"""The client's Today, and asking for help."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import own_client
from clients.domain.calling import ask_for_help
from clients.domain.recording import note_visit
from clients.queries.consents import latest_receipts
from clients.queries.cover import cover_of
from clients.queries.registries import PORTAL_CARDS
from practice.permissions.doors import portal
from practice.permissions.going import next_url


@require_GET
@portal
def today(request: HttpRequest) -> HttpResponse:
    """Show the next small step and what else is on. Who hasn't answered the consents yet does that first."""
    client, now = own_client(request), timezone.now()
    if client.has_ended:
        return render(request, "clients/portal/ended.html", {"client": client, "now": timezone.localtime(now)})
    if not client.treatment_consent and not latest_receipts(client):
        return redirect("clients:welcome")
    note_visit(client=client, now=now)
    first, cards = None, []
    for card in PORTAL_CARDS:
        found = card.context(request, client, now)
        if found is None or (card.slot == "next" and first):
            continue
        entry = {"template": card.template, "card": found}
        if card.slot == "next":
            first = entry
        else:
            cards.append(entry)
    context = {"client": client, "now": timezone.localtime(now), "first": first, "cards": cards}
    return render(request, "clients/portal/today.html", context)


@require_POST
@portal
def tell(request: HttpRequest) -> HttpResponse:
    """Tell the therapist that the client needs help."""
    client, now = own_client(request), timezone.now()
    if ask_for_help(client=client, now=now) is None:
        messages.error(request, _("Nobody here is told any more. If you are in danger, call now."))
    else:
        told = _("%(name)s has been told. If you are in danger, call now and don't wait.")
        messages.warning(request, told % {"name": cover_of(client, now=now).reader.first_name})
    return redirect(next_url(request, "clients:portal-today"))
