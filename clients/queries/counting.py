"""Numbers beside menu entries."""

from typing import Any

from clients.models import Client
from practice.tenancy.counting import Counted

CASELOAD = Counted(lambda user: Client.objects.cared_for_by(user).active())


def caseload_size(request: Any) -> int:
    """Return how many clients the person has. One query a request, none where the page has counted them."""
    if not hasattr(request, "_caseload_size"):
        request._caseload_size = CASELOAD.of(request.seat.user)
    return int(request._caseload_size)


def keep_caseload_size(request: Any, size: int) -> None:
    """Keep what a page counted for the menu around it."""
    request._caseload_size = size
