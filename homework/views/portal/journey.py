"""The path: what is done, now, next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clients.access import own_client
from homework.queries.journey import journey
from practice.permissions.doors import portal


@portal
def show(request: HttpRequest) -> HttpResponse:
    """Show the client's path."""
    client = own_client(request)
    return render(
        request, "homework/portal/journey.html", {"client": client, "journey": journey(client, timezone.now())}
    )
