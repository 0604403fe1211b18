"""The path: what is done, now, next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import own_client
from homework.queries.journey import journey
from practice.permissions.doors import portal


@require_GET
@portal
def show(request: HttpRequest) -> HttpResponse:
    """Show the client's path."""
    client = own_client(request)
    return render(
        request, "homework/portal/journey.html", {"client": client, "journey": journey(client, timezone.now())}
    )
