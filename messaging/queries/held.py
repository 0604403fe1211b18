"""Messages written for later that still wait."""

from datetime import datetime
from typing import Any

from clients.models import Client
from clients.queries.endings import Line
from messaging.models import HeldMessage


def held_waiting(client: Client) -> Any:
    """Return the held messages to a client that have neither gone out nor been stopped, the soonest first."""
    rows = HeldMessage.objects.filter(
        conversation__client=client, posted_at__isnull=True, cancelled_at__isnull=True, refused_at__isnull=True
    )
    return rows.select_related("author").defer("body").order_by("release_at", "pk")


def held_lines(client: Client, now: datetime) -> list[Line]:
    """Return the same as lines of what ends with treatment. One query."""
    return [Line("held", row.author.name, row.release_at) for row in held_waiting(client)]
