"""What a content holds, in reading order."""

from collections.abc import Iterator, Mapping
from typing import Any

from homework.blocks import BLOCK_TYPES


def blocks_of(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every block in reading order."""
    for page in content["pages"]:
        yield from page["blocks"]


def questions_of(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every block that asks something, in reading order."""
    for block in blocks_of(content):
        kind = BLOCK_TYPES.get(block["type"])
        if kind is not None and kind.asks:
            yield block
