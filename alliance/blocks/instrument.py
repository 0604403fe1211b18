"""A questionnaire inside an activity: one block, its items one below the other, each of which may be left out."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.instruments.answers import BadAnswer as BadItem
from alliance.instruments.answers import read_mapping
from alliance.instruments.structure import Instrument, UnknownInstrument, instrument, offered
from alliance.instruments.wording import NoWording, Wording, wording
from homework.blocks import BadAnswer, BlockType
from homework.blocks.block_type import Block

KEY = "instrument"
PASS = "pass"  # noqa: S105 - the value of “I would rather not say”, no secret


class InstrumentBlock(BlockType):
    """An answer is `{"answers": {"1": 3, "2": null}}`: null is “I would rather not say”, absent is not answered."""

    key = KEY
    label = gettext_lazy("Questionnaire")
    icon, seconds = "list", 60
    fields = {"instrument": {"type": "string", "maxLength": 20}}
    required = ("instrument",)

    @property
    def template(self) -> str:
        """Return the template with the partials edit, answer and show."""
        return "alliance/blocks/instrument.html"

    def new(self, block_id: str) -> dict[str, Any]:
        """Return the check-in, the form that a new client is asked."""
        return super().new(block_id) | {"label": str(_("Check-in")), "instrument": "check-in"}

    def problems(self, block: Block) -> list[str]:
        """Return also that the questionnaire is not one that can be sent."""
        known = {found.id for found in offered()}
        unknown = [] if block.get("instrument") in known else [_("Choose a questionnaire.")]
        return super().problems(block) + unknown

    def words(self, block: Block) -> str:
        """Return the items' words, for the estimate of minutes."""
        form = form_of(block, "client")
        items = form.items.values() if form else ()
        return " ".join([super().words(block), *(f"{item.text} {item.low} {item.high}" for item in items)])

    def clean(self, block: Block, value: Any) -> dict[str, Any] | None:
        """Return the answers as whole numbers by item; None when nothing was answered. Raises BadAnswer."""
        if not isinstance(value, dict) or not isinstance(value.get("answers"), dict):
            raise BadAnswer(_("This is not an answer to a questionnaire."))
        answers = value["answers"]
        try:
            read_mapping(instrument(block["instrument"]), answers)
        except (BadItem, UnknownInstrument) as problem:
            raise BadAnswer(_("Please look at %(problem)s.") % {"problem": problem}) from None
        return {"answers": dict(sorted(answers.items(), key=lambda pair: int(pair[0])))} if answers else None

    def read(self, block: Block, data: Any, name: str) -> Any | None:
        """Return what the fields `name-1`, `name-2` … say; `name-1-pass` or the value “pass” passes an item by."""
        answers: dict[str, Any] = {}
        for number in numbers_of(block):
            raw = data.get(f"{name}-{number}", "").strip()
            if raw == PASS or data.get(f"{name}-{number}-pass") == "1":
                answers[number] = None
            elif raw:
                answers[number] = int(raw) if raw.isascii() and raw.lstrip("-").isdigit() and len(raw) < 9 else raw
        return {"answers": answers} if answers else None

    def line(self, block: Block, value: Any) -> str:
        """Return how many items were answered: scores are shown where both sides' rules hold, not in lists."""
        given = [answer for answer in value["answers"].values() if answer is not None]
        return _("%(given)s of %(all)s answered") % {"given": len(given), "all": len(list(numbers_of(block)))}


def numbers_of(block: Block) -> Iterator[str]:
    """Return the numbers of the block's items as keys of an answer."""
    found = known(block)
    return (str(item.number) for item in found.items) if found else iter(())


def known(block: Block) -> Instrument | None:
    """Return the block's instrument, or None while the draft names none that ships."""
    try:
        return instrument(str(block.get("instrument", "")))
    except UnknownInstrument:
        return None


def form_of(block: Block, rater: str, language: str = "en") -> Wording | None:
    """Return the words of the block's form for a rater, or None while there are none."""
    try:
        return wording(str(block.get("instrument", "")), rater, language)
    except NoWording:
        return None


INSTRUMENT = InstrumentBlock()
