"""The client's Progress page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alliance.queries.progress import progress_cards
from clients.access import own_client
from practice.permissions.doors import portal


@require_GET
@portal
def progress(request: HttpRequest) -> HttpResponse:
    """My measures and our alliance over time."""
    client = own_client(request)
    return render(request, "alliance/portal/progress.html", {"client": client, "cards": progress_cards(client)})
