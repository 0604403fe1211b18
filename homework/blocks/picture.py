"""A picture that ships with Rapport, with its twin in words."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import ID, LINE, WORDS, Block, BlockType, register


@cache
def pictures() -> tuple[str, ...]:
    """Return the names of the shipped pictures."""
    folders = [Path(folder) / "homework/pictures" for folder in settings.TEMPLATES[0]["DIRS"]]
    return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.svg")}))


class Picture(BlockType):
    """An SVG template in the house's colours."""

    key = "picture"
    label = gettext_lazy("Picture")
    group, icon, asks, seconds = "show", "image", False, 10
    fields = {"picture": {"anyOf": [ID, {"const": ""}]}, "description": WORDS, "caption": LINE}
    required = ("picture", "description")

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a picture that is yet to be chosen."""
        return super().new(block_id) | {"picture": "", "description": ""}

    def problems(self, block: Block) -> list[str]:
        """Return what is missing for someone who sees it and for someone who doesn't."""
        found = []
        if block["picture"] not in pictures():
            found.append(_("No picture is chosen yet."))
        if not block["description"].strip():
            found.append(_("The picture has no description."))
        return found

    def title(self, block: Block) -> str:
        """Return the caption or the picture's name."""
        return str(block.get("caption") or block["picture"].replace("-", " ") or self.label)

    def words(self, block: Block) -> str:
        """Return the caption."""
        return str(block.get("caption", ""))


PICTURE = register(Picture, order=20)
