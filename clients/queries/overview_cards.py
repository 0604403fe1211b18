"""This room's own card of a client's Overview."""

from datetime import datetime
from typing import Any

from clients.models import Client
from clients.queries.record import trail_of

SHOWN = 6


def lately_card(request: Any, client: Client, now: datetime) -> dict[str, Any] | None:
    """Return what happened last, newest first. One query."""
    return {"trail": trail_of(client, limit=SHOWN), "client": client}
