"""The caseload: a row a client, with the columns that rooms registered. Constant queries whatever its size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.text import smart_split

from clients.models import Appointment, AppointmentStatus, AttentionItem, CareTeamMember, Client, ClientStatus
from clients.queries.attention import UNRESOLVED
from clients.queries.registries import CASELOAD_COLUMNS, CASELOAD_VIEWS, CaseloadColumn, CaseloadView
from practice.people.models import Membership, User
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
    team = CareTeamMember.objects.filter(client=OuterRef("pk"), user=seat.user, until__isnull=True)
    mine = annotated(_with_team(Client.objects.cared_for_by(seat.user), team), now=now)
    counts = _counts(mine, now)
    chosen = CASELOAD_VIEWS.get(view) or CASELOAD_VIEWS[""]
    shown = mine.filter(_belongs(chosen, now))
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
            if counts[key] or key == view or not entry.hides_when_empty
        ],
        total=counts[""],
    )


def clients_of(membership: Membership) -> "QuerySet[Client]":
    """Return the clients whose primary therapist this member of staff is, by name, archived ones too.

    Who leaves hands them over first: nobody's record is left without someone who may open it.
    """
    return held_by(membership.user)


def held_by(user: User) -> "QuerySet[Client]":
    """Return the same for a user, in the open scope."""
    found: QuerySet[Client] = Client.objects.filter(therapist=user)
    return found.select_related("user", "therapist").order_by("status", "sort_name", "pk")


def annotated(clients: "QuerySet[Client]", *, now: datetime) -> "QuerySet[Client]":
    """Return the clients with `top_urgency` and `next_at`, which views and sorting use."""
    items = AttentionItem.objects.filter(client=OuterRef("pk"), state__in=UNRESOLVED)
    ahead = Appointment.objects.filter(
        client=OuterRef("pk"), status=AppointmentStatus.PLANNED, starts_at__gte=now
    ).order_by("starts_at")
    top = items.values("client").annotate(top=Min("urgency")).values("top")
    return clients.annotate(top_urgency=Subquery(top), next_at=Subquery(ahead.values("starts_at")[:1]))


def _with_team(clients: Any, team: Any) -> Any:
    return clients.annotate(on_team=Exists(team))


def _counts(mine: "QuerySet[Client]", now: datetime) -> dict[str, int]:
    wanted = {f"n_{key}": Count("pk", filter=_belongs(entry, now)) for key, entry in CASELOAD_VIEWS.items()}
    counts: dict[str, int] = mine.aggregate(**wanted)
    return {key: counts[f"n_{key}"] for key, _entry in CASELOAD_VIEWS.items()}


def _belongs(view: CaseloadView, now: datetime) -> Q:
    return Q(status=ClientStatus.ARCHIVED if view.ended else ClientStatus.ACTIVE) & view.condition(now)


def _matching(clients: "QuerySet[Client]", search: str) -> "QuerySet[Client]":
    for word in list(smart_split(search.replace("\x00", "")))[:5]:
        clients = clients.filter(Q(name__icontains=word) | Q(preferred_name__icontains=word))
    return clients


def _ordered(clients: "QuerySet[Client]", sort: str) -> "QuerySet[Client]":
    column = CASELOAD_COLUMNS.get(sort.removeprefix("-")) or CASELOAD_COLUMNS[DEFAULT_SORT]
    order = column.order_by if column.order_by is not None else F("sort_name")
    falling = sort.startswith("-")
    return clients.order_by(order.desc(nulls_last=True) if falling else order.asc(nulls_last=True), "sort_name", "pk")
