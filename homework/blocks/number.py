"""A number, with its range and unit."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import NUMBER, Block, BlockType, clean_number, register


class Number(BlockType):
    """A number. `step` only guides the field; any number in the range is taken."""

    key = "number"
    label = gettext_lazy("Number")
    icon, seconds = "number", 10
    fields = {
        "min": NUMBER,
        "max": NUMBER,
        "step": {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000},
        "unit": {"type": "string", "maxLength": 40},
    }

    def problems(self, block: Block) -> list[str]:
        """Return also a word about a range that is upside down."""
        upside_down = "min" in block and "max" in block and block["min"] >= block["max"]
        return super().problems(block) + ([_("The smallest number is not below the largest.")] if upside_down else [])

    def clean(self, block: Block, value: Any) -> int | float | None:
        """Return a finite number in the range."""
        return None if value == "" else clean_number(value, low=block.get("min"), high=block.get("max"))

    def line(self, block: Block, value: Any) -> str:
        """Return number and unit."""
        return f"{value} {block.get('unit', '')}".strip()


NUMBER_BLOCK = register(Number, order=40)
