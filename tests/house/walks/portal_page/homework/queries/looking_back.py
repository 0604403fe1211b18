"""What a client has done until now. One query."""

from clients.models import Client
from homework.models import Assignment, AssignmentStatus
from homework.queries.journey import sent_to

MOST = 50


def looking_back(client: Client) -> list[Assignment]:
    """Return what is done, the latest first."""
    return list(sent_to(client).filter(status=AssignmentStatus.DONE).order_by("-done_at")[:MOST])
