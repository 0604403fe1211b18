"""What of homework ends when a client is archived."""

from datetime import datetime

from clients.models import Client
from clients.queries.endings import Line
from homework.models import Assignment
from homework.models.assignment import WISHES


def ending_lines(client: Client, now: datetime, *, lock: bool = False) -> list[Line]:
    """Return what is planned for the client and not sent, by date. One query; `lock` waits for what is being sent."""
    rows = Assignment.objects.filter(client=client, status__in=WISHES).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("activity_version").defer("activity_version__content", "activity_version__about")
    return [Line("homework", row.activity_version.title, row.send_at) for row in rows]
