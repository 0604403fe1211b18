"""A form as its template needs it: words with names in them, and what was answered. Reads no database."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.blocks.instrument import PASS, form_of, known, numbers_of
from alliance.instruments.structure import Instrument
from alliance.instruments.wording import Wording
from homework.blocks import is_skipped
from homework.blocks.block_type import Block

LABELS = {
    "own": gettext_lazy("Rapport’s own form, not a validated instrument"),
    "after": gettext_lazy("Rapport’s wording, not the validated form"),
}


@dataclass(frozen=True)
class Step:
    """One possible answer of an item."""

    value: int
    words: str
    chosen: bool


@dataclass(frozen=True)
class ItemView:
    """One item: `value` is None when it is not answered; `passed` when the person would rather not say."""

    number: int
    text: str
    help: str
    low: str
    high: str
    steps: tuple[Step, ...]
    value: int | None
    passed: bool
    risk: bool
    stem: str

    @property
    def said(self) -> str:
        """The answer in words: the step's name, or the number where steps have none."""
        return next((step.words or str(step.value) for step in self.steps if step.chosen), "")

    @property
    def raised(self) -> bool:
        """Whether this answer has told someone."""
        return self.risk and bool(self.value)


@dataclass(frozen=True)
class FormView:
    """A form, ready to be filled in or read."""

    title: str
    intro: str
    label: str
    attribution: str
    control: str
    low: int
    high: int
    items: tuple[ItemView, ...]
    has_risk: bool

    @property
    def raised(self) -> bool:
        """Whether an answer in it has told someone."""
        return any(item.raised for item in self.items)

    @property
    def quietest(self) -> str:
        """The words of the risk item's lowest answer: the one that tells nobody."""
        return next((item.steps[0].words for item in self.items if item.risk and item.steps), "")


def form_view(
    block: Block, value: Any, *, rater: str, language: str, therapist: str = "", client: str = ""
) -> FormView | None:
    """Return the form of a block with the answers given so far, or None when there are no words for this rater.

    Without names (a preview) it speaks of "your therapist" and "your client".
    """
    found, words = known(block), form_of(block, rater, language)
    if found is None or words is None:
        return None
    words = words.named(therapist=therapist or _("your therapist"), client=client or _("your client"))
    answers = value.get("answers", {}) if isinstance(value, dict) and not is_skipped(value) else {}
    return FormView(
        title=words.title,
        intro=words.intro,
        label=str(LABELS.get(words.status, "")),
        attribution=words.attribution,
        control=found.control,
        low=found.low,
        high=found.high,
        items=tuple(_item(found, words, number, answers) for number in numbers_of(block)),
        has_risk=found.has_risk,
    )


def label_of(found: Instrument, language: str) -> str:
    """Return what is said about a form's words wherever its score is seen; empty for the original words."""
    words = form_of({"instrument": found.id}, found.raters[0], language)
    return str(LABELS.get(words.status, "")) if words else ""


def _item(found: Instrument, words: Wording, key: str, answers: dict[str, Any]) -> ItemView:
    number, answer = int(key), answers.get(key)
    item, kept = words.items[number], found.items[number - 1]
    value = answer if isinstance(answer, int) and not isinstance(answer, bool) else None
    names = words.steps(number)
    return ItemView(
        number=number,
        text=item.text,
        help=item.help,
        low=item.low,
        high=item.high,
        steps=tuple(
            Step(step, names[place] if names else "", step == value)
            for place, step in enumerate(range(found.low, found.high + 1))
        ),
        value=value,
        passed=(key in answers and answer is None) or answer == PASS,
        risk=kept.risk,
        stem=(words.stems or {}).get(number, ""),
    )
