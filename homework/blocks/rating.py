"""A rating by small whole numbers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import LINE, Block, BlockType, clean_whole, register


class Rating(BlockType):
    """Numbers in a row, from `low` to `high` (at most 10)."""

    key = "rating"
    label = gettext_lazy("Rating")
    icon, seconds = "rating", 8
    fields = {
        "low": {"type": "integer", "minimum": 0, "maximum": 9},
        "high": {"type": "integer", "minimum": 1, "maximum": 10},
        "low_label": LINE,
        "high_label": LINE,
    }

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a rating from 1 to 5."""
        return super().new(block_id) | {"low": 1, "high": 5, "low_label": "", "high_label": ""}

    def problems(self, block: Block) -> list[str]:
        """Return also what is missing at the ends."""
        return super().problems(block) + end_problems(block, low=1, high=5)

    def clean(self, block: Block, value: Any) -> int | None:
        """Return the number."""
        return None if value == "" else clean_whole(value, low=block.get("low", 1), high=block.get("high", 5))

    def line(self, block: Block, value: Any) -> str:
        """Return the number and what it is out of."""
        return _("%(value)s of %(most)s") % {"value": value, "most": block.get("high", 5)}


def end_problems(block: Block, *, low: int, high: int) -> list[str]:
    """Return what is wrong with a scale's ends."""
    found = []
    if not block.get("low_label", "").strip() or not block.get("high_label", "").strip():
        found.append(_("The ends of the scale have no words."))
    if block.get("low", low) >= block.get("high", high):
        found.append(_("The scale's lower end is not below its upper end."))
    return found


RATING = register(Rating, order=60)
