"""The caseload: a row a client, with the columns that rooms registered. Constant queries whatever its size."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import smart_split

from clients.models import Appointment, AppointmentStatus, AttentionItem, CareTeamMember, Client, ClientStatus, Urgency
from clients.queries.attention import UNRESOLVED
from clients.queries.registries import CASELOAD_COLUMNS, CASELOAD_VIEWS, CaseloadColumn, CaseloadView
from practice.people.models import Membership, User
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled

PAGE_SIZE = 25
DEFAULT_SORT = "look"


class Cell(NamedTuple):
    """What one column shows for one client: its template, with the client and `value` as `cell`.

    `label` is the column's, in the reader's language.
    """

    label: SafeString
    template: Any
    value: Any


class Row(NamedTuple):
    """A client, the cell that names the row, and the others."""

    client: Client
    head: Cell
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
    counts = dict(zip(*_counts(seat.user, now), strict=True))
    chosen = view if view in CASELOAD_VIEWS else ""
    column = sort if sort.removeprefix("-") in CASELOAD_COLUMNS else DEFAULT_SORT
    if search:
        rows: Any = _shown(seat.user, now, view=chosen, sort=column, search=search)
    else:
        rows = _Counted(counts[chosen], partial(_page, seat.user, now, chosen, column))
    current = Paginator(rows, PAGE_SIZE).get_page(page)
    clients = list(current.object_list)
    return Caseload(
        rows=_rows(seat, clients, now),
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


def _rows(seat: Seat, clients: list[Client], now: datetime) -> list[Row]:
    if not clients:
        return []
    columns = [
        (conditional_escape(one.label), get_template(one.template), one.load(seat, clients, now))
        for one in CASELOAD_COLUMNS
    ]
    rows = []
    for client in clients:
        head, *cells = [Cell(label, template, values.get(client.pk)) for label, template, values in columns]
        rows.append(Row(client, head, cells))
    return rows


def _of(user: User, now: datetime) -> Any:
    """The person's clients with `top_urgency` and `next_at` to sort by, `on_team` for views; no row has them."""
    items = AttentionItem.objects.filter(state__in=UNRESOLVED, client__isnull=False).values("client_id")
    ahead = Appointment.objects.filter(
        client=OuterRef("pk"), status=AppointmentStatus.PLANNED, starts_at__gte=now
    ).order_by("starts_at")
    team = CareTeamMember.objects.filter(user=user, until__isnull=True)
    return Client.objects.cared_for_by(user).alias(
        top_urgency=Case(*(When(pk__in=items.filter(urgency=one), then=Value(one.value)) for one in Urgency)),
        next_at=Subquery(ahead.values("starts_at")[:1]),
        on_team=ExpressionWrapper(Q(pk__in=team.values("client_id")), output_field=BooleanField()),
    )


def _shown(user: User, now: datetime, *, view: str, sort: str, search: str = "") -> Any:
    rows = _of(user, now).filter(_belongs(CASELOAD_VIEWS[view], now))
    return _ordered(_matching(rows, search), sort)


@lru_cache(maxsize=64)
def _slice(view: str, sort: str, first: int, last: int) -> Compiled[Client]:
    return Compiled(lambda user, now: _shown(user, now, view=view, sort=sort)[first:last])


def _page(user: User, now: datetime, view: str, sort: str, span: slice) -> list[Client]:
    if span.start >= span.stop:  # nobody is here
        return []
    return _slice(view, sort, span.start, span.stop).of(user, now)


@dataclass(frozen=True)
class _Counted:
    """Rows for a paginator that are counted already and fetched by the slice."""

    total: int
    fetch: Callable[[slice], list[Client]]

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, span: slice) -> list[Client]:
        return self.fetch(span)


def _counts(user: User, now: datetime) -> tuple[list[str], tuple[int, ...]]:
    """The views' keys, and how many belong to each."""
    return [key for key, _entry in CASELOAD_VIEWS.items()], COUNTS.of(user, now)[0]


def _counting(user: User, now: datetime) -> Any:
    wanted = {f"n_{key}": Count("pk", filter=_belongs(entry, now)) for key, entry in CASELOAD_VIEWS.items()}
    # of all rows as one group
    return _of(user, now).order_by().annotate(all=Value(1)).values("all").annotate(**wanted).values_list(*wanted)


COUNTS: Compiled[tuple[int, ...]] = Compiled(_counting)


def _belongs(view: CaseloadView, now: datetime) -> Q:
    return Q(status=ClientStatus.ARCHIVED if view.ended else ClientStatus.ACTIVE) & view.condition(now)


def _matching(clients: "QuerySet[Client]", search: str) -> "QuerySet[Client]":
    for word in list(smart_split(search.replace("\x00", "")))[:5]:
        clients = clients.filter(Q(name__icontains=word) | Q(preferred_name__icontains=word))
    return clients


def _ordered(clients: "QuerySet[Client]", sort: str) -> "QuerySet[Client]":
    column = CASELOAD_COLUMNS[sort.removeprefix("-")]
    order = column.order_by if column.order_by is not None else F("sort_name")
    falling = sort.startswith("-")
    return clients.order_by(order.desc(nulls_last=True) if falling else order.asc(nulls_last=True), "sort_name", "pk")
