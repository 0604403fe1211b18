"""This room's own columns of the caseload and cells' contents."""

from datetime import datetime
from typing import Any

from clients.models import Appointment, AppointmentStatus, AttentionItem, Client
from clients.queries.attention import UNRESOLVED, AttentionRow, in_words
from practice.pages.links import address_of
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled


def load_names(seat: Seat, clients: list[Client], now: datetime) -> dict[int, Any]:
    """Return each client's name, where it leads, and how many sessions they had."""
    return {
        client.pk: {
            "name": client.short_name,
            "url": address_of("clients:client-overview", client.pk),
            "sessions": client.sessions_held,
        }
        for client in clients
    }


def load_looks(seat: Seat, clients: list[Client], now: datetime) -> dict[int, AttentionRow]:
    """Return each client's most urgent item. One query, one more for keys."""
    top = TOP.of([client.pk for client in clients])
    return {row.item.client_id: row for row in in_words(top) if row.item.client_id is not None}


def load_next(seat: Seat, clients: list[Client], now: datetime) -> dict[int, Appointment]:
    """Return each client's next planned appointment. One query."""
    return {row.client_id: row for row in NEXT.of([client.pk for client in clients], now)}


def load_seen(seat: Seat, clients: list[Client], now: datetime) -> dict[int, Any]:
    """Return when each client was last here, or why they never were."""
    return {client.pk: {"at": client.last_seen_at, "invited": client.joined_at is None} for client in clients}


TOP: Compiled[AttentionItem] = Compiled(
    lambda clients: (
        AttentionItem.objects.filter(client__in=clients, state__in=UNRESOLVED)
        .select_related("client")
        .order_by("client_id", "urgency", "raised_at")
        .distinct("client_id")
    )
)
NEXT: Compiled[Appointment] = Compiled(
    lambda clients, now: (
        Appointment.objects.filter(client__in=clients, status=AppointmentStatus.PLANNED, starts_at__gte=now)
        .order_by("client_id", "starts_at")
        .distinct("client_id")
    )
)
