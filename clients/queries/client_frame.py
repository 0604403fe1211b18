"""The frame around each tab of a client's page: name, facts, tabs. Other rooms' tabs use it too.

    render(request, "homework/desk/client.html", client_frame(seat, client, tab="homework", now=now) | {...})

where the template says `{% extends "clients/desk/client.html" %}{% block tab %}…{% endblock %}`.
"""

from datetime import datetime
from typing import Any

from clients.models import Client, Leave
from clients.queries.appointments import next_with
from clients.queries.cover import cover_of
from clients.queries.registries import CLIENT_TABS
from practice.clock.resolving import local
from practice.pages.links import address_of
from practice.permissions.seats import Seat


def client_frame(seat: Seat, client: Client, *, tab: str, now: datetime) -> dict[str, Any]:
    """Return the context of `clients/desk/client.html` with that tab current. Two queries and the tabs' own."""
    coming = next_with(client, now=now)
    return {
        "client": client,
        "local_time": local(now, client.zone),
        "place": client.zone.rsplit("/", 1)[-1].replace("_", " "),
        "next_appointment": coming,
        "standing_in": _standing_in(seat, client, now),
        "has_begun": coming is not None and coming.starts_at <= now,
        "tabs": [
            {
                "key": key,
                "url": address_of(entry.url_name, client_id=client.pk),
                "label": entry.label,
                "count": entry.count(seat, client) if entry.count else None,
                "current": key == tab,
            }
            for key, entry in CLIENT_TABS.items()
        ],
    }


def _standing_in(seat: Seat, client: Client, now: datetime) -> Leave | None:
    """The leave because of which this reader may open the page; nobody asks for the therapist's own clients."""
    if client.therapist_id == seat.user.pk:
        return None
    cover = cover_of(client, now=now)
    return cover.leave if cover.stand_in == seat.user else None
