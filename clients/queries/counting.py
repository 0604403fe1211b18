"""Numbers beside menu entries."""

from typing import Any

from clients.models import Client


def caseload_size(request: Any) -> int:
    """Return how many clients the person has. One query."""
    return Client.objects.cared_for_by(request.seat.user).active().count()
