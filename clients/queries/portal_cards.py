"""This room's own card of the portal's Today."""

from datetime import datetime
from typing import Any

from clients.models import Client
from clients.queries.appointments import next_with
from clients.queries.cover import cover_shown
from clients.queries.leaves import newly_theirs
from practice.vault import CannotOpen


def next_appointment_card(request: Any, client: Client, now: datetime) -> dict[str, Any] | None:
    """Return the client's next appointment, if one is planned. One query."""
    appointment = next_with(client, now=now)
    return {"appointment": appointment} if appointment else None


def cover_card(request: Any, client: Client, now: datetime) -> dict[str, Any] | None:
    """Return that the therapist is or will soon be away, or is a new one; None when all is as usual. One query."""
    cover, is_new = cover_shown(request, client, now=now), newly_theirs(client, now=now)
    if cover.shown is None and not is_new:
        return None
    return {"cover": cover, "leave": cover.shown, "is_new": is_new, "message": _words(cover.shown)}


def _words(leave: Any) -> str:
    try:
        return (leave.message or "") if leave else ""
    except CannotOpen:
        return ""
