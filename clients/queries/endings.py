"""What ends when a client is archived: each room says what it would cancel, and cancels exactly that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.models import (
    Appointment,
    AppointmentStatus,
    AttentionItem,
    AttentionState,
    Client,
    Ending,
    Invitation,
    Urgency,
)
from clients.queries.attention import AttentionRow, in_words
from clients.queries.registries import ENDINGS


@dataclass(frozen=True)
class Line:
    """One thing that is cancelled. `kind` is a key of ENDINGS; `at` is empty for what waits for an event."""

    kind: str
    title: str
    at: datetime | None = None

    @property
    def label(self) -> Any:
        """Return what sort of thing it is."""
        found = ENDINGS.get(self.kind)
        return found.label if found else ""


Lines = Callable[[Client, datetime], list[Line]]


def what_ends(client: Client, *, now: datetime) -> list[Line]:
    """Return all that archiving would cancel now, the soonest first; what waits for an event stands last."""
    return by_date([line for ending in ENDINGS for line in ending.lines(client, now)])


def by_date(lines: list[Line]) -> list[Line]:
    """Return the lines by date; those without one last."""
    return sorted(lines, key=lambda line: (line.at is None, line.at.timestamp() if line.at else 0.0))


def what_was_cancelled(client: Client) -> tuple[Ending, list[Line]] | None:
    """Return the newest ending and what was cancelled then, None when treatment never ended. One query."""
    ending: Ending | None = Ending.objects.filter(client=client).select_related("by").order_by("-at", "-pk").first()
    if ending is None:
        return None
    kept: list[dict[str, Any]] = ending.cancelled or []
    return ending, [_line(row) for row in kept]


def as_kept(line: Line) -> dict[str, Any]:
    """Return a line as it is stored."""
    return {"kind": line.kind, "title": line.title, "at": line.at.isoformat() if line.at else None}


def _line(row: dict[str, Any]) -> Line:
    return Line(row["kind"], row["title"], datetime.fromisoformat(row["at"]) if row["at"] else None)


def what_is_critical(client: Client) -> list[AttentionRow]:
    """Return what someone must settle before treatment can end. One query."""
    rows = AttentionItem.objects.filter(client=client, urgency=Urgency.CRITICAL).exclude(state=AttentionState.RESOLVED)
    return in_words(list(rows.select_related("client", "acknowledged_by").order_by("raised_at", "pk")))


def appointments_ahead(client: Client, now: datetime) -> list[Line]:
    """Return the client's planned appointments that lie ahead. One query."""
    rows = planned_ahead(client, now).select_related("therapist")
    return [Line("appointment", row.therapist.name, row.starts_at) for row in rows]


def planned_ahead(client: Client, now: datetime) -> Any:
    """Return the same as rows."""
    rows = Appointment.objects.filter(client=client, status=AppointmentStatus.PLANNED, starts_at__gte=now)
    return rows.order_by("starts_at", "pk")


def open_invitation(client: Client, now: datetime) -> list[Line]:
    """Return the invitation that could still be accepted. One query."""
    return [Line("invitation", row.email, row.expires_at) for row in invitations_open(client, now)]


def invitations_open(client: Client, now: datetime) -> Any:
    """Return the same as rows."""
    return Invitation.objects.filter(
        client=client, accepted_at__isnull=True, replaced_at__isnull=True, expires_at__gt=now
    )
