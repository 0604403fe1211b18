"""This room's own card of the portal's Today."""

from datetime import datetime
from typing import Any

from clients.models import Client
from clients.queries.appointments import next_with


def next_appointment_card(request: Any, client: Client, now: datetime) -> dict[str, Any] | None:
    """Return the client's next appointment, if one is planned. One query."""
    appointment = next_with(client, now=now)
    return {"appointment": appointment} if appointment else None
