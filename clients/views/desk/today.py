"""The therapist's Today: who needs me, whom do I see, what did they write."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import item_for, may_resolve
from clients.domain import attending
from clients.queries.appointments import today_of
from clients.queries.attention import attention_for
from clients.queries.registries import ATTENTION_KINDS, DESK_CARDS
from practice.permissions.doors import desk
from practice.permissions.going import next_url


@require_GET
@desk
def today(request: HttpRequest) -> HttpResponse:
    """Show the day."""
    now = timezone.now()
    cards = [(card.template, card.context(request, now)) for card in DESK_CARDS]
    context = {
        "now": timezone.localtime(now),
        "attention": attention_for(request.seat, now=now),
        "appointments": today_of(request.user, now=now),
        "cards": [{"template": template, "card": card} for template, card in cards if card is not None],
    }
    return render(request, "clients/desk/today.html", context)


@require_GET
@desk
def attention(request: HttpRequest) -> HttpResponse:
    """Show the attention list alone, for the open page that was told of a change."""
    return _list(request)


@require_POST
@desk
def acknowledge(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say that someone has seen it."""
    item = item_for(request.seat, item_id)
    item = attending.acknowledge(item=item, by=request.user, now=timezone.now())
    if not ATTENTION_KINDS[item.kind].needs_resolving and may_resolve(request.seat, item):
        attending.resolve(item=item, by=request.user, now=timezone.now())
    return _back(request, _("Noted: you have seen it. Nobody else is asked now."))


@require_POST
@desk
def resolve(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say that it is done."""
    item = item_for(request.seat, item_id, to="resolve")
    attending.resolve(item=item, by=request.user, now=timezone.now())
    return _back(request, _("Settled. It stays in the client's record."))


def _back(request: HttpRequest, words: str) -> HttpResponse:
    if request.htmx:
        return _list(request)
    messages.success(request, words)
    return redirect(next_url(request, "clients:desk-today"))


def _list(request: HttpRequest) -> HttpResponse:
    rows = attention_for(request.seat, now=timezone.now())
    return render(request, "clients/desk/_attention.html", {"attention": rows})
