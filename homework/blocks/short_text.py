"""One line in one's own words."""

from typing import Any

from django.utils.translation import gettext_lazy

from homework.blocks.block_type import LINE, SHORT, Block, BlockType, clean_text, register


class ShortText(BlockType):
    """A line of text."""

    key = "short_text"
    label = gettext_lazy("Short answer")
    icon, seconds = "text", 25
    fields = {"placeholder": LINE}

    def clean(self, block: Block, value: Any) -> str | None:
        """Return the line, at most 300 characters."""
        return " ".join(clean_text(value, most=SHORT).split("\n")) or None


SHORT_TEXT = register(ShortText, order=30)
