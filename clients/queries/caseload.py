"""The caseload: a row a client, with the columns that rooms registered. Constant queries whatever its size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.text import smart_split

from clients.models import Appointment, AppointmentStatus, AttentionItem, Client
from clients.queries.attention import UNRESOLVED
from clients.queries.registries import CASELOAD_COLUMNS, CASELOAD_VIEWS, CaseloadColumn
from practice.permissions.seats import Seat

PAGE_SIZE = 25
DEFAULT_SORT = "look"


@dataclass(frozen=True)
class Cell:
    """What one column shows for one client."""

    column: CaseloadColumn
    value: Any


@dataclass(frozen=True)
class Row:
    """A client and their cells."""

    client: Client
    cells: list[Cell]


@dataclass(frozen=True)
class Caseload:
    """One page of the caseload."""

    rows: list[Row]
    page: "Page[Client]"
    columns: list[tuple[str, CaseloadColumn]]
    views: list[dict[str, Any]]
    total: int


def caseload(
    seat: Seat, *, now: datetime, view: str = "", search: str = "", sort: str = DEFAULT_SORT, page: str | int = 1
) -> Caseload:
    """Return a page of the person's clients. Unknown views, columns and pages fall back to the first."""
    mine = annotated(Client.objects.cared_for_by(seat.user).active(), now=now)
    counts = _counts(mine, now)
    chosen = CASELOAD_VIEWS.get(view)
    shown = mine.filter(chosen.condition(now)) if chosen else mine
    shown = _ordered(_matching(shown, search), sort).select_related("user", "therapist")
    current = Paginator(shown, PAGE_SIZE).get_page(page)
    clients = list(current.object_list)
    loaded: list[tuple[CaseloadColumn, Mapping[int, Any]]] = [
        (column, column.load(seat, clients, now) if clients else {}) for column in CASELOAD_COLUMNS
    ]
    return Caseload(
        rows=[Row(client, [Cell(column, cells.get(client.pk)) for column, cells in loaded]) for client in clients],
        page=current,
        columns=list(CASELOAD_COLUMNS.items()),
        views=[
            {"key": key, "label": entry.label, "count": counts[key], "current": key == view}
            for key, entry in CASELOAD_VIEWS.items()
        ],
        total=counts["all"],
    )


def annotated(clients: "QuerySet[Client]", *, now: datetime) -> "QuerySet[Client]":
    """Return the clients with `top_urgency` and `next_at`, which views and sorting use."""
    items = AttentionItem.objects.filter(client=OuterRef("pk"), state__in=UNRESOLVED)
    ahead = Appointment.objects.filter(
        client=OuterRef("pk"), status=AppointmentStatus.PLANNED, starts_at__gte=now
    ).order_by("starts_at")
    top = items.values("client").annotate(top=Min("urgency")).values("top")
    return clients.annotate(top_urgency=Subquery(top), next_at=Subquery(ahead.values("starts_at")[:1]))


def _counts(mine: "QuerySet[Client]", now: datetime) -> dict[str, int]:
    wanted = {key: Count("pk", filter=entry.condition(now)) for key, entry in CASELOAD_VIEWS.items()}
    counts: dict[str, int] = mine.aggregate(all=Count("pk"), **wanted)
    return counts


def _matching(clients: "QuerySet[Client]", search: str) -> "QuerySet[Client]":
    for word in list(smart_split(search.replace("\x00", "")))[:5]:
        clients = clients.filter(Q(name__icontains=word) | Q(preferred_name__icontains=word))
    return clients


def _ordered(clients: "QuerySet[Client]", sort: str) -> "QuerySet[Client]":
    column = CASELOAD_COLUMNS.get(sort.removeprefix("-")) or CASELOAD_COLUMNS[DEFAULT_SORT]
    order = column.order_by if column.order_by is not None else F("sort_name")
    falling = sort.startswith("-")
    return clients.order_by(order.desc(nulls_last=True) if falling else order.asc(nulls_last=True), "sort_name", "pk")
