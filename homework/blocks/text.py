"""Text to read: headings, paragraphs, lists and links in a small Markdown."""

import re
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import Block, BlockType, register

LINK: Final = re.compile(r"\]\(\s*<?\s*([^)\s>]*)")
SAFE: Final = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)


class Text(BlockType):
    """Words to read. How they are rendered is `homework.domain.markup`'s."""

    key = "text"
    label = gettext_lazy("Text")
    group, icon, asks, seconds = "show", "text", False, 0
    fields = {"markdown": {"type": "string", "maxLength": 20_000}}
    required = ("markdown",)

    def new(self, block_id: str) -> dict[str, Any]:
        """Return an empty text."""
        return super().new(block_id) | {"markdown": ""}

    def problems(self, block: Block) -> list[str]:
        """Return a word about an empty text and about links that lead nowhere safe."""
        found = [] if block["markdown"].strip() else [_("The text is empty.")]
        if any(not SAFE.match(address) for address in LINK.findall(block["markdown"])):
            found.append(_("A link is no web, mail or telephone address, so clients would see plain words."))
        return found

    def title(self, block: Block) -> str:
        """Return its first words."""
        words = block["markdown"].replace("*", "").replace("#", "").replace("_", "").split()
        return " ".join(words[:8]) or str(self.label)

    def words(self, block: Block) -> str:
        """Return the text."""
        return str(block["markdown"])


TEXT = register(Text, order=10)
