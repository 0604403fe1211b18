"""Things to tick, and lines of one's own."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import BadAnswer, Block, BlockType, clean_text, option_labels, register
from homework.blocks.single_choice import OPTIONS, option_problems

MOST_OWN = 20


class Checklist(BlockType):
    """A list to tick; with `own_lines` the client adds lines, each its own tick."""

    key = "checklist"
    label = gettext_lazy("Checklist")
    group, icon, seconds = "practise", "check", 20
    fields = {"items": OPTIONS, "own_lines": {"type": "boolean"}}
    required = ("items",)

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a list with two empty lines."""
        items = [{"id": "i1", "label": ""}, {"id": "i2", "label": ""}]
        return super().new(block_id) | {"items": items, "own_lines": True}

    def problems(self, block: Block) -> list[str]:
        """Return also what is wrong with the lines."""
        return super().problems(block) + option_problems(block["items"], fewest=0 if block.get("own_lines") else 1)

    def words(self, block: Block) -> str:
        """Return question and lines."""
        return " ".join([super().words(block), *option_labels(block["items"]).values()])

    def clean(self, block: Block, value: Any) -> dict[str, list[str]] | None:
        """Return {"checked": [ids in the block's order], "own": [texts]}."""
        known = option_labels(block["items"])
        checked = value.get("checked", []) if isinstance(value, dict) else None
        own = value.get("own", []) if isinstance(value, dict) else None
        if not isinstance(checked, list) or any(not isinstance(one, str) or one not in known for one in checked):
            raise BadAnswer(_("Please tick lines of this list."))
        if not isinstance(own, list) or len(own) > MOST_OWN:
            raise BadAnswer(_("Please keep to %(most)d lines of your own.") % {"most": MOST_OWN})
        lines = [line for line in (clean_text(one) for one in own) if line] if block.get("own_lines") else []
        answer = {"checked": [one for one in known if one in checked], "own": lines}
        return answer if answer["checked"] or lines else None

    def read(self, block: Block, data: Any, name: str) -> Any | None:
        """Return the ticked lines and the filled own lines."""
        own = [line for line in data.getlist(f"{name}-own") if line.strip()]
        checked = data.getlist(name)
        return {"checked": checked, "own": own} if checked or own else None

    def line(self, block: Block, value: Any) -> str:
        """Return the ticked lines."""
        known = option_labels(block["items"])
        return ", ".join([known[one] for one in value.get("checked", []) if one in known] + value.get("own", []))


CHECKLIST = register(Checklist, order=70)
