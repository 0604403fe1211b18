"""Who looked at my record: the client's own view of the audit trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import own_client
from clients.queries.who_looked import VIEWS, looks_at
from practice.permissions.doors import portal


@require_GET
@portal
def seen(request: HttpRequest) -> HttpResponse:
    """Show one page of who looked, who changed something, or what the client did."""
    client = own_client(request)
    asked = request.GET.get("show", "")
    show = asked if asked in {key for key, _label in VIEWS} else ""
    context = {
        "client": client,
        "practice": request.seat.practice,
        "show": show,
        "looks": looks_at(client, now=timezone.now(), show=show, before=request.GET.get("before", "")),
        "views": [{"url": f"?show={key}", "label": label, "current": key == show} for key, label in VIEWS],
        "is_past": "before" in request.GET,
    }
    return render(request, "clients/portal/seen.html", context)
