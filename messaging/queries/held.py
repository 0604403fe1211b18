"""Messages written for later that still wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from clients.models import Client
from clients.queries.endings import Line
from messaging.models import HeldMessage
from practice.people.models import User


def held_waiting(client: Client) -> Any:
    """Return the held messages to a client that have neither gone out nor been stopped, the soonest first."""
    rows = HeldMessage.objects.filter(
        conversation__client=client, posted_at__isnull=True, cancelled_at__isnull=True, refused_at__isnull=True
    )
    return rows.select_related("author").defer("body").order_by("release_at", "pk")


def held_lines(client: Client, now: datetime) -> list[Line]:
    """Return the same as lines of what ends with treatment. One query."""
    return [Line("held", row.author.name, row.release_at) for row in held_waiting(client)]


def held_by_client(clients: Sequence[Client], former: User) -> dict[int, int]:
    """Return by client how many messages this author has written for later. One query."""
    rows = HeldMessage.objects.filter(
        conversation__client__in=clients,
        author=former,
        posted_at__isnull=True,
        cancelled_at__isnull=True,
        refused_at__isnull=True,
    )
    counted = rows.order_by().values("conversation__client").annotate(n=Count("pk"))
    return {row["conversation__client"]: row["n"] for row in counted}
