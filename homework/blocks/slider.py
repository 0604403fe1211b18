"""A slider between two ends; it starts empty, so nothing is suggested."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import LINE, Block, BlockType, clean_whole, register
from homework.blocks.rating import end_problems

WHOLE = {"type": "integer", "minimum": -10_000, "maximum": 10_000}


class Slider(BlockType):
    """A whole number from `low` to `high`, 0 to 100 unless said otherwise."""

    key = "slider"
    label = gettext_lazy("Slider")
    icon, seconds = "slider", 10
    fields = {
        "low": WHOLE,
        "high": WHOLE,
        "step": {"type": "integer", "minimum": 1, "maximum": 1_000},
        "low_label": LINE,
        "high_label": LINE,
    }

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a slider from 0 to 100."""
        return super().new(block_id) | {"low": 0, "high": 100, "step": 1, "low_label": "", "high_label": ""}

    def problems(self, block: Block) -> list[str]:
        """Return also what is missing at the ends."""
        return super().problems(block) + end_problems(block, low=0, high=100)

    def clean(self, block: Block, value: Any) -> int | None:
        """Return the number."""
        return None if value == "" else clean_whole(value, low=block.get("low", 0), high=block.get("high", 100))

    def line(self, block: Block, value: Any) -> str:
        """Return the number and what it is out of."""
        return _("%(value)s of %(most)s") % {"value": value, "most": block.get("high", 100)}


SLIDER = register(Slider, order=61)
