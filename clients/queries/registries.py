"""What other rooms hang on the person: kinds of attention, tabs, cards, columns. Register in your `contributes.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from clients.models import AttentionItem, Client, Urgency
from practice.contributions import Registry
from practice.people.models import User
from practice.permissions.seats import Seat


@dataclass(frozen=True)
class AttentionKind:
    """A sort of attention item. Registered under the `kind` stored in the row.

    `label` is the chip ("Risk answer"); `words` says the reason to a therapist of the care team from the item's sealed
    detail (one plain sentence); `action_label` and `action_url` lead to what to do next. `escalates`: asked again and
    passed on until someone acknowledges. `needs_resolving` False: acknowledging is enough and closes it. It must cost
    no query: put what the sentence needs into `detail`.
    """

    label: Any
    words: Callable[[AttentionItem], Any]
    urgency: Urgency = Urgency.NORMAL
    icon: str = "bell"
    action_label: Any = None
    action_url: Callable[[AttentionItem], str] | None = None
    escalates: bool = False
    needs_resolving: bool = True


@dataclass(frozen=True)
class TrailLine:
    """How the client reads a verb of the audit trail. Registered under the verb; others are told by their label.

    `said` is one sentence with %(name)s and %(role)s; `titled` one with %(title)s as well, when `titles` finds one for
    the event's subject (ids in, titles by id out, one query). `reads`: somebody looked, and changed nothing.
    """

    said: Any
    titled: Any = None
    titles: Callable[[list[int]], Mapping[int, Any]] | None = None
    reads: bool = True


@dataclass(frozen=True)
class ClientTab:
    """A tab of the client's page at the desk. `url_name` takes the client's id as its only argument, `client_id`."""

    label: Any
    url_name: str
    count: Callable[[Seat, Client], int | None] | None = None


@dataclass(frozen=True)
class PortalCard:
    """A card of the portal's Today. `context` returns what `template` needs, or None: then there is no card.

    `slot`: "next" (the one coloured card on top; the first that answers wins) or "list".
    """

    template: str
    context: Callable[[HttpRequest, Client, datetime], Mapping[str, Any] | None]
    slot: str = "list"


@dataclass(frozen=True)
class DeskCard:
    """A card of the desk's Today, beside the attention list. `context` as in PortalCard; one query at most."""

    template: str
    context: Callable[[HttpRequest, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True)
class ClientCard:
    """A card of the client page's Overview. `context` as in PortalCard; one query at most."""

    template: str
    context: Callable[[HttpRequest, Client, datetime], Mapping[str, Any] | None]
    column: str = "main"


@dataclass(frozen=True)
class CaseloadColumn:
    """A column of the caseload.

    `load` returns by client id what `template` gets as `cell`, for one page of clients, in one query.
    `order_by` is an expression over Client that sorts the whole caseload (None: the column can't be sorted).
    """

    label: Any
    template: str
    load: Callable[[Seat, list[Client], datetime], Mapping[int, Any]]
    order_by: Any = None
    hint: Any = ""


@dataclass(frozen=True)
class CaseloadView:
    """A tab above the caseload ("Needs a look"). `condition` says who belongs to it, as a Q over Client.

    It may use `on_team` (False: the reader stands in), and other rows by `pk__in`, which asks them once for all.
    `ended`: it shows those who were archived, whom the other views leave out.
    """

    label: Any
    condition: Callable[[datetime], Q]
    ended: bool = False
    hides_when_empty: bool = False


@dataclass(frozen=True)
class Ending:
    """What a room cancels when a client is archived.

    `lines(client, now)` returns the dated list (`queries.endings.Line`, with this key as `kind`) and writes nothing;
    the room's receiver of `client_archived` cancels the same and returns it.
    """

    label: Any
    lines: Callable[[Client, datetime], list[Any]]


@dataclass(frozen=True)
class Move:
    """What moves along when a client is handed over.

    `count(clients, former)` returns by client id how much, in one query.
    """

    label: Any
    count: Callable[[Sequence[Client], User], Mapping[int, int]]


ATTENTION_KINDS: Registry[AttentionKind] = Registry("attention kinds")
CLIENT_TABS: Registry[ClientTab] = Registry("client tabs")
CLIENT_CARDS: Registry[ClientCard] = Registry("client cards")
PORTAL_CARDS: Registry[PortalCard] = Registry("portal cards")
DESK_CARDS: Registry[DeskCard] = Registry("desk cards")
CASELOAD_COLUMNS: Registry[CaseloadColumn] = Registry("caseload columns")
CASELOAD_VIEWS: Registry[CaseloadView] = Registry("caseload views")
TRAIL_LINES: Registry[TrailLine] = Registry("lines of the trail")
ENDINGS: Registry[Ending] = Registry("what ends with treatment")
MOVES: Registry[Move] = Registry("what moves with a client")
