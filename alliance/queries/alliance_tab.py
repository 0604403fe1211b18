"""The Alliance tab of a client's page: forms as the therapist's side may see them, signals, where the two differ."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.blocks.instrument import form_of
from alliance.instruments.structure import Instrument, minutes_of, offered
from alliance.models import Rating, Signal
from alliance.queries.courses import CLIENT, RATERS, THERAPIST, Form, forms_of
from alliance.queries.pictures import Card, Names, card
from clients.models import Client
from practice.people.models import User

TALKING_POINT = 0.2


@dataclass(frozen=True)
class Pair:
    """One item of the newest session as both answered it. `apart`: by more than a fifth of the scale."""

    text: str
    client: int | None
    therapist: int | None
    apart: bool


@dataclass(frozen=True)
class Choice:
    """A form that may go out after each session, and what it costs: items, minutes, who answers."""

    key: str
    name: str
    burden: str
    chosen: bool


@dataclass(frozen=True)
class Tab:
    """`pairs` are of the newest session that both rated with `pairs_of`; `to_fill` are the reader's open forms."""

    cards: list[Card]
    pairs: list[Pair]
    pairs_of: str
    most_apart: str
    to_fill: list[Rating]
    choices: list[Choice]


def alliance_tab(client: Client, reader: User) -> Tab:
    """Return the tab. Two queries: ratings and signals."""
    forms = forms_of(client, reader=THERAPIST)
    names = Names(client=client.called, therapist=_("You") if reader.pk == client.therapist_id else _("Therapist"))
    signals = list(Signal.objects.filter(client=client).order_by("-raised_at")[:50])
    cards = [card(form, names, signals) for form in forms]
    pairs, pairs_of = _pairs(forms, client)
    return Tab(
        cards=cards,
        pairs=pairs,
        pairs_of=pairs_of,
        most_apart=_most_apart(pairs),
        to_fill=[
            asked
            for form in forms
            for asked in form.waiting
            if asked.rater == THERAPIST
            and asked.rated_by_id == reader.pk
            and asked.assignment
            and asked.assignment.sent_at
        ],
        choices=[_choice(found, client) for found in offered()],
    )


def _choice(found: Instrument, client: Client) -> Choice:
    facts = {"items": len(found.scored_items), "minutes": minutes_of(found), "name": client.called}
    if THERAPIST in found.raters:
        burden = _("%(items)s items, about %(minutes)s min, for %(name)s and for you") % facts
    else:
        burden = _("%(items)s items, about %(minutes)s min, for %(name)s") % facts
    return Choice(key=found.id, name=found.topic_name, burden=burden, chosen=found.id in client.forms)


def _pairs(forms: list[Form], client: Client) -> tuple[list[Pair], str]:
    """The items of the newest session that both sides answered, of the first alliance form that has one."""
    for form in forms:
        if form.instrument.kind != "alliance":
            continue
        for _number, _at, points in reversed(form.courses[0].sittings):
            if all(rater in points for rater in RATERS):
                return _compare(form, {rater: points[rater].rating for rater in RATERS}), form.instrument.topic_name
    return [], ""


def _compare(form: Form, ratings: dict[str, int]) -> list[Pair]:
    kept = {rating.pk: rating.scores or {} for rating in form.given}
    given: dict[str, dict[str, int | None]] = {
        rater: kept[rating].get("answers", {}) for rater, rating in ratings.items()
    }
    words = form_of({"instrument": form.instrument.id}, CLIENT, get_language() or "en")
    reach = (form.instrument.high - form.instrument.low) * TALKING_POINT
    pairs = []
    for item in form.instrument.items:
        ours, theirs = given[CLIENT].get(str(item.number)), given[THERAPIST].get(str(item.number))
        if words is None or ours is None or theirs is None:
            continue
        pairs.append(Pair(words.items[item.number].text, ours, theirs, abs(ours - theirs) > reach))
    return pairs


def _most_apart(pairs: list[Pair]) -> str:
    apart = [pair for pair in pairs if pair.apart]
    if not apart:
        return ""
    return max(apart, key=lambda pair: abs((pair.client or 0) - (pair.therapist or 0))).text
