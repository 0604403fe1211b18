"""One of a few answers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import (
    ID,
    LINE,
    BadAnswer,
    Block,
    BlockType,
    clean_text,
    option_labels,
    register,
)

OPTIONS = {
    "type": "array",
    "maxItems": 40,
    "items": {
        "type": "object",
        "required": ["id", "label"],
        "additionalProperties": False,
        "properties": {"id": ID, "label": LINE},
    },
}


class SingleChoice(BlockType):
    """Radio buttons, and a line for something else when `other` is on."""

    key = "single_choice"
    label = gettext_lazy("One choice")
    icon, seconds = "choice", 12
    fields = {"options": OPTIONS, "other": {"type": "boolean"}}
    required = ("options",)

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a question with two empty options."""
        return super().new(block_id) | {"options": two_options(), "other": False}

    def problems(self, block: Block) -> list[str]:
        """Return also what is wrong with the options."""
        return super().problems(block) + option_problems(block["options"], fewest=1 if block.get("other") else 2)

    def words(self, block: Block) -> str:
        """Return question and options."""
        return " ".join([super().words(block), *option_labels(block["options"]).values()])

    def clean(self, block: Block, value: Any) -> dict[str, str] | None:
        """Return {"choice": id} or {"other": text}."""
        if not isinstance(value, dict):
            raise BadAnswer(_("Please choose one of the answers."))
        if value.get("other") and block.get("other"):
            text = clean_text(value["other"])
            return {"other": text} if text else None
        choice = value.get("choice")
        if not isinstance(choice, str) or choice not in option_labels(block["options"]):
            raise BadAnswer(_("Please choose one of the answers."))
        return {"choice": choice}

    def read(self, block: Block, data: Any, name: str) -> Any | None:
        """Return the chosen radio, or the other line."""
        choice, other = data.get(name, ""), data.get(f"{name}-other", "").strip()
        if block.get("other") and other and choice in {"", "_other"}:
            return {"other": other}
        return {"choice": choice} if choice and choice != "_other" else None

    def line(self, block: Block, value: Any) -> str:
        """Return the words of the choice."""
        return str(value.get("other") or option_labels(block["options"]).get(value.get("choice"), ""))


def two_options() -> list[dict[str, str]]:
    """Return two options without words."""
    return [{"id": "o1", "label": ""}, {"id": "o2", "label": ""}]


def option_problems(options: list[dict[str, str]], *, fewest: int) -> list[str]:
    """Return what is wrong with the options, in words."""
    found = []
    if len(options) < fewest:
        found.append(_("There are too few answers to choose from."))
    if any(not option["label"].strip() for option in options):
        found.append(_("An answer to choose has no words."))
    if len({option["id"] for option in options}) < len(options):
        found.append(_("Two answers to choose are the same."))
    return found


SINGLE_CHOICE = register(SingleChoice, order=50)
