"""All that this room hangs on lower rooms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.blocks.instrument import INSTRUMENT, KEY
from alliance.domain.raising_risk import KIND as RISK
from alliance.queries.caseload import own_forms, sparks
from alliance.queries.trail import titles_of_ratings
from alliance.queries.watching import told_lately, watch_over
from alliance.signals import rupture, words
from clients.models import AttentionItem, Client, Urgency
from clients.queries.registries import (
    ATTENTION_KINDS,
    CASELOAD_COLUMNS,
    CLIENT_TABS,
    DESK_CARDS,
    PORTAL_CARDS,
    TRAIL_LINES,
    AttentionKind,
    CaseloadColumn,
    ClientTab,
    DeskCard,
    PortalCard,
    TrailLine,
)
from homework.blocks import BLOCK_TYPES
from practice.contributions import AUDIT_VERBS, PORTAL_TABS, NavEntry
from practice.permissions.seats import Seat

BLOCK_TYPES.register(KEY, INSTRUMENT, order=80)


def risk_words(item: AttentionItem) -> str:
    """Say what was answered, and what became of the answer."""
    facts = {"name": item.detail["client"], "said": item.detail["said"], "question": item.detail["question"]}
    return _now("%(name)s answered “%(said)s” to: “%(question)s” Look at it now and make contact.") % facts


def rupture_words(item: AttentionItem) -> str:
    """Say how far the rating fell and what could help."""
    numbers = item.detail["numbers"]
    facts = {
        "name": item.detail["client"],
        "form": item.detail["form"],
        "score": words.shown(numbers["score"]),
        "mean": words.shown(numbers["mean"]),
    }
    if item.detail["rater"] == "client":
        return (
            _now(
                "%(name)s’s rating of working together (%(form)s) fell to %(score)s; usual is %(mean)s. "
                "Ask what it was like, and own your part first."
            )
            % facts
        )
    return (
        _now(
            "Your own rating of working with %(name)s (%(form)s) fell to %(score)s; usual is %(mean)s. "
            "Look at what happened before you next meet."
        )
        % facts
    )


def alliance_page(item: AttentionItem) -> str:
    """Lead to the client's Alliance tab."""
    return reverse("alliance:desk-tab", kwargs={"client_id": item.client_id})


ATTENTION_KINDS.register(
    RISK,
    AttentionKind(
        label=_("Risk answer"),
        words=risk_words,
        urgency=Urgency.CRITICAL,
        icon="alert",
        action_label=_("See the answers"),
        action_url=alliance_page,
        escalates=True,
    ),
)
ATTENTION_KINDS.register(
    rupture.KEY,
    AttentionKind(
        label=_("Alliance fell"),
        words=rupture_words,
        urgency=Urgency.HIGH,
        icon="down",
        action_label=_("See the course"),
        action_url=alliance_page,
    ),
)

CLIENT_TABS.register("alliance", ClientTab(label=_("Alliance"), url_name="alliance:desk-tab"), order=40)
PORTAL_TABS.register(
    "progress", NavEntry(label=_("Progress"), icon="chart", url_name="alliance:portal-progress"), order=40
)


def spark_cells(seat: Seat, clients: list[Client], now: datetime) -> Mapping[int, Any]:
    """Return the small alliance lines of one page of clients."""
    return sparks(clients, now)


CASELOAD_COLUMNS.register(
    "alliance",
    CaseloadColumn(label=_("Alliance"), template="alliance/desk/_spark_cell.html", load=spark_cells),
    order=20,
)


def forms_to_fill(request: HttpRequest, now: datetime) -> Mapping[str, Any] | None:
    """Return the forms that wait for this therapist, or None when there are none."""
    ratings = own_forms(request.user)  # type: ignore[arg-type]
    return {"ratings": ratings} if ratings else None


DESK_CARDS.register("own-forms", DeskCard(template="alliance/desk/_own_forms.html", context=forms_to_fill), order=30)


def told_of_risk(request: HttpRequest, client: Client, now: datetime) -> Mapping[str, Any] | None:
    """Return who was told about a risk answer lately, or None when there was none."""
    return {"watch": watch_over(client, now)} if told_lately(client, now) else None


PORTAL_CARDS.register(
    "told-of-risk", PortalCard(template="alliance/portal/_told_card.html", context=told_of_risk, slot="list"), order=1
)

for verb, label in (
    ("alliance.opened", _("looked at how you work together")),
    ("alliance.forms_chosen", _("chose which forms go out after a session")),
    ("alliance.signal_judged", _("said whether a signal was useful")),
):
    AUDIT_VERBS.register(verb, label)

TRAIL_LINES.register(
    "alliance.opened",
    TrailLine(
        _("%(name)s, %(role)s, opened how you both rated your work."),
        _("%(name)s, %(role)s, opened your answers to “%(title)s”."),
        titles=titles_of_ratings,
    ),
)
