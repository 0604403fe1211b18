"""As many of a few answers as fit."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from homework.blocks.block_type import BadAnswer, Block, BlockType, clean_text, option_labels, register
from homework.blocks.single_choice import OPTIONS, option_problems, two_options

COUNT = {"type": "integer", "minimum": 0, "maximum": 40}


class MultipleChoice(BlockType):
    """Ticks. `min` only guides (every question may be skipped); more than `max` is refused."""

    key = "multiple_choice"
    label = gettext_lazy("Several choices")
    icon, seconds = "list", 18
    fields = {"options": OPTIONS, "other": {"type": "boolean"}, "min": COUNT, "max": COUNT | {"minimum": 1}}
    required = ("options",)

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a question with two empty options."""
        return super().new(block_id) | {"options": two_options(), "other": False}

    def problems(self, block: Block) -> list[str]:
        """Return also what is wrong with options and limits."""
        found = super().problems(block) + option_problems(block["options"], fewest=1)
        if block.get("min", 0) > block.get("max", 40):
            found.append(_("It asks for at least more answers than at most."))
        return found

    def words(self, block: Block) -> str:
        """Return question and options."""
        return " ".join([super().words(block), *option_labels(block["options"]).values()])

    def clean(self, block: Block, value: Any) -> dict[str, Any] | None:
        """Return {"choices": [ids in the block's order], "other": text when given}."""
        chosen = value.get("choices", []) if isinstance(value, dict) else None
        known = option_labels(block["options"])
        if not isinstance(chosen, list) or any(not isinstance(one, str) or one not in known for one in chosen):
            raise BadAnswer(_("Please choose among the answers."))
        answer: dict[str, Any] = {"choices": [one for one in known if one in chosen]}
        other = clean_text(value["other"]) if block.get("other") and value.get("other") else ""
        if other:
            answer["other"] = other
        count, most = len(answer["choices"]) + bool(other), block.get("max")
        if most and count > most:
            words = ngettext("Please choose one at most.", "Please choose %(most)d at most.", most)
            raise BadAnswer(words % {"most": most})
        return answer if count else None

    def read(self, block: Block, data: Any, name: str) -> Any | None:
        """Return the ticked boxes and the other line."""
        chosen, other = data.getlist(name), data.get(f"{name}-other", "").strip()
        answer = {"choices": [one for one in chosen if one != "_other"]} | ({"other": other} if other else {})
        return answer if answer["choices"] or other else None

    def line(self, block: Block, value: Any) -> str:
        """Return the words of the choices."""
        known = option_labels(block["options"])
        words = [known[one] for one in value.get("choices", []) if one in known]
        return ", ".join([*words, value["other"]] if value.get("other") else words)


MULTIPLE_CHOICE = register(MultipleChoice, order=51)
