"""The Alliance tab of a client's page: forms as the therapist's side may see them, signals, where the two differ."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.blocks.instrument import form_of
from alliance.models import Rating, Signal
from alliance.queries.courses import CLIENT, RATERS, THERAPIST, Form, forms_of
from alliance.queries.pictures import Card, Names, card
from clients.models import Client
from homework.models import Answer
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
class Tab:
    """`pairs` are of the newest session that both rated with `pairs_of`; `to_fill` are the reader's open forms."""

    cards: list[Card]
    pairs: list[Pair]
    pairs_of: str
    most_apart: str
    to_fill: list[Rating]
    latest_signal: Signal | None


def alliance_tab(client: Client, reader: User) -> Tab:
    """Return the tab. Three queries: ratings, signals, the answers of one session."""
    forms = forms_of(client, reader=THERAPIST)
    names = Names(client=client.called, therapist=_("You") if reader.pk == client.therapist_id else _("Therapist"))
    signals = list(Signal.objects.filter(client=client).order_by("-raised_at")[:50])
    cards = [card(form, names, signals) for form in forms]
    told = {told.signal.pk for shown in cards for picture in shown.pictures for told in picture.told}
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
        latest_signal=next((signal for signal in signals if signal.pk in told), None),
    )


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
    sides = {pk: rater for rater, pk in ratings.items()}
    given: dict[str, dict[str, int | None]] = {rater: {} for rater in RATERS}
    rows = Answer.objects.filter(response__assignment__ratings__in=list(sides)).select_related("response__assignment")
    for answer in rows:
        if isinstance(answer.value, dict) and "answers" in answer.value:
            given[answer.response.assignment.rater] = answer.value["answers"]
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
