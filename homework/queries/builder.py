"""What the builder shows of a draft: chapters with their blocks, one open, and what is left to look at. No queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import ngettext

from homework.blocks import BLOCK_TYPES, BlockType
from homework.blocks.block_type import GROUPS


@dataclass(frozen=True)
class BlockRow:
    """A block in its chapter."""

    block: dict[str, Any]
    kind: BlockType
    title: str
    open: bool
    problems: list[str]


@dataclass(frozen=True)
class Chapter:
    """A page of the activity, folded to a line or open with its blocks."""

    page: dict[str, Any]
    number: int
    open: bool
    blocks: list[BlockRow]
    sub: str
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """A column of the palette."""

    key: str
    label: Any
    sub: Any
    kinds: list[BlockType]


def chapters(
    content: Mapping[str, Any], problems: list[Any], *, page_id: str = "", block_id: str = ""
) -> list[Chapter]:
    """Return every page, the one with `page_id` (or else the first) open, the block with `block_id` open in it."""
    pages = content["pages"]
    open_id = page_id if any(page["id"] == page_id for page in pages) else pages[0]["id"]
    made = []
    for number, page in enumerate(pages, start=1):
        is_open = page["id"] == open_id
        rows = [_row(block, problems, is_open and block["id"] == block_id) for block in page["blocks"]]
        said = [problem.message for problem in problems if problem.page == page["id"]]
        made.append(Chapter(page, number, is_open, rows, _sub(page), said))
    return made


def palette() -> list[Group]:
    """Return the block types by group."""
    return [
        Group(key, label, sub, [kind for kind in BLOCK_TYPES if kind.group == key])
        for key, (label, sub) in GROUPS.items()
    ]


def _row(block: dict[str, Any], problems: list[Any], is_open: bool) -> BlockRow:
    kind = BLOCK_TYPES[block["type"]]
    said = [problem.message for problem in problems if problem.block == block["id"]]
    return BlockRow(block, kind, kind.title(block), is_open, said)


def _sub(page: Mapping[str, Any]) -> str:
    """Return what a page holds in a few words."""
    kinds = [str(BLOCK_TYPES[block["type"]].label) for block in page["blocks"]]
    if len(kinds) <= 3:
        return ", ".join(kinds)
    return ngettext("%(n)d block", "%(n)d blocks", len(kinds)) % {"n": len(kinds)}
