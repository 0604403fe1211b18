"""A longer answer in one's own words."""

from typing import Any

from django.utils.translation import gettext_lazy

from homework.blocks.block_type import LINE, LONG, Block, BlockType, clean_text, register


class LongText(BlockType):
    """Several lines of text."""

    key = "long_text"
    label = gettext_lazy("Written answer")
    icon, seconds = "long", 90
    fields = {"placeholder": LINE}

    def clean(self, block: Block, value: Any) -> str | None:
        """Return the text, at most 20,000 characters."""
        return clean_text(value, most=LONG) or None


LONG_TEXT = register(LongText, order=31)
