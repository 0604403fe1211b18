"""Numbers beside menu entries."""

from typing import Any

from clients.models import Client
from practice.tenancy.counting import Counted

CASELOAD = Counted(lambda user: Client.objects.cared_for_by(user).active())


def caseload_size(request: Any) -> int:
    """Return how many clients the person has. One query."""
    return CASELOAD.of(request.seat.user)
