"""The code that a therapist shows in the room, full screen, on a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.access import client_for
from clients.domain.letting_in import CannotShow, show_code
from clients.queries.room import code_state, shown, why_no_code
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def room(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show how far the last code came; on POST make one and show it, this once."""
    client, now = client_for(request.seat, client_id, to="change"), timezone.now()
    context = {"client": client, "why_not": why_no_code(client), "code": None}
    if request.method == "POST":
        try:
            made, code = show_code(client=client, by=request.user, now=now)
        except CannotShow as error:
            context["why_not"] = str(error)
        else:
            context["code"] = shown(code, expires_at=made.expires_at)
    return render(request, "clients/desk/room.html", context | {"state": code_state(client, now=now)})
