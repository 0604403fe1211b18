"""What a handover would move, client by client. Constant queries, however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from clients.models import Appointment, AppointmentStatus, AttentionItem, Client
from clients.queries.attention import UNRESOLVED
from clients.queries.registries import MOVES
from practice.people.models import User


@dataclass(frozen=True)
class Moving:
    """One client: appointments that become the new therapist's, and what else moves, in words with its number."""

    client: Client
    appointments: list[Appointment]
    moves: list[tuple[Any, int]]


def what_moves(clients: Sequence[Client], former: User, *, now: datetime) -> list[Moving]:
    """Return what would move with each client. One query, and one for each sort of thing that moves."""
    ahead: dict[int, list[Appointment]] = {}
    rows = Appointment.objects.filter(
        client__in=clients, therapist=former, status=AppointmentStatus.PLANNED, starts_at__gte=now
    )
    for row in rows.order_by("starts_at", "pk"):
        ahead.setdefault(row.client_id, []).append(row)
    counted = [(move.label, move.count(clients, former)) for move in MOVES] if clients else []
    return [
        Moving(
            client=client,
            appointments=ahead.get(client.pk, []),
            moves=[(label, numbers[client.pk]) for label, numbers in counted if numbers.get(client.pk)],
        )
        for client in clients
    ]


def items_waiting(clients: Sequence[Client], former: User) -> dict[int, int]:
    """Return by client how much asks for attention. One query."""
    rows = AttentionItem.objects.filter(client__in=clients, state__in=UNRESOLVED)
    counted = rows.order_by().values("client").annotate(n=Count("pk"))
    return {row["client"]: row["n"] for row in counted}
