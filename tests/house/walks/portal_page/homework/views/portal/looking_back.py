"""Looking back: what is done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.access import own_client
from homework.queries.looking_back import looking_back
from practice.permissions.doors import portal


@require_GET
@portal
def show(request: HttpRequest) -> HttpResponse:
    """Show what the client has done."""
    client = own_client(request)
    return render(request, "homework/portal/looking_back.html", {"client": client, "done": looking_back(client)})
