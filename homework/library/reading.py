"""Reads the shipped activity and pathway files and says exactly what is wrong with one.

Pure: paths in, plain dictionaries out; no table is touched here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

HERE = Path(__file__).parent
ACTIVITIES = HERE / "activities"
PATHWAYS = HERE / "pathways"
SCHEMAS = HERE / "schemas"

Piece = dict[str, Any]


class LibraryFaultError(ValueError):
    """A library file that can't be used: names the file, the place in it and what to mend."""

    def __init__(self, file: str, place: str, why: str) -> None:
        self.file, self.place, self.why = file, place, why
        super().__init__(f"{file}: {place}: {why}" if place else f"{file}: {why}")


def shipped_activities() -> list[Piece]:
    """All shipped activities, each checked, sorted by slug."""
    return [read_activity(path) for path in sorted(ACTIVITIES.glob("*.json"))]


def shipped_pathways() -> list[Piece]:
    """All shipped pathways, each checked, every step's activity among the shipped ones."""
    known = {path.stem for path in ACTIVITIES.glob("*.json")}
    pathways = [read_pathway(path) for path in sorted(PATHWAYS.glob("*.json"))]
    for pathway in pathways:
        for step in pathway["steps"]:
            if step["activity"] not in known:
                why = f"there is no activity “{step['activity']}” in the library"
                raise LibraryFaultError(f"{pathway['key']}.json", f"step “{step['key']}”", why)
    return pathways


def read_activity(path: Path) -> Piece:
    """One activity file. Raises LibraryFaultError with file, page and block."""
    piece = _load(path)
    check_activity(piece, file=path.name)
    _name_fits(path, piece["slug"])
    return piece


def read_pathway(path: Path) -> Piece:
    """One pathway file. Raises LibraryFaultError with file and step."""
    piece = _load(path)
    check_pathway(piece, file=path.name)
    _name_fits(path, piece["key"])
    return piece


def check_activity(piece: Piece, *, file: str) -> None:
    """Says nothing when the activity is sound; raises LibraryFaultError otherwise."""
    _fits_schema(piece, "activity", file)
    blocks = list(_blocks(piece))
    _unique((page["id"] for page in piece["content"]["pages"]), "page", "content", file)
    _unique((block["id"] for _, block in blocks), "block", "content", file)
    for page, block in blocks:
        place = f"page “{page['id']}”, block “{block['id']}”"
        for kind in ("options", "items", "columns"):
            _unique((part["id"] for part in block.get(kind, [])), kind, place, file)
        for low, high in (("low", "high"), ("min", "max"), ("rows", "max_rows")):
            if low in block and high in block and block[low] > block[high]:
                raise LibraryFaultError(file, place, f"“{low}” is larger than “{high}”")
    texts = {block["id"] for _, block in blocks if block["type"] == "text"}
    for name in piece.get("own_words", []):
        if name not in texts:
            raise LibraryFaultError(file, "own_words", f"there is no text block “{name}”")


def check_pathway(piece: Piece, *, file: str) -> None:
    """Says nothing when the pathway is sound; raises LibraryFaultError otherwise."""
    _fits_schema(piece, "pathway", file)
    _unique((step["key"] for step in piece["steps"]), "step", "steps", file)
    first = piece["steps"][0]
    if first["timing"]["kind"] == "with_previous":
        raise LibraryFaultError(file, f"step “{first['key']}”", "the first step has nothing before it to go with")


def _blocks(piece: Piece) -> Iterator[tuple[Piece, Piece]]:
    for page in piece["content"]["pages"]:
        for block in page["blocks"]:
            yield page, block


def _load(path: Path) -> Piece:
    try:
        piece = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as fault:
        raise LibraryFaultError(path.name, "", f"not readable as JSON ({fault})") from fault
    if not isinstance(piece, dict):
        raise LibraryFaultError(path.name, "", "the file holds no object")
    return piece


def _name_fits(path: Path, name: str) -> None:
    if path.stem != name:
        raise LibraryFaultError(path.name, "", f"the file must be named {name}.json")


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def _fits_schema(piece: Piece, schema: str, file: str) -> None:
    fault = best_match(_validator(schema).iter_errors(piece))
    if fault is not None:
        raise LibraryFaultError(file, _place(piece, fault), fault.message)


def _place(piece: Any, fault: ValidationError) -> str:
    """The path of a fault in words, with the ids of pages, blocks and steps instead of their numbers."""
    names = {"pages": "page", "blocks": "block", "steps": "step"}
    words: list[str] = []
    inside: Any = piece
    kind = ""
    for part in fault.absolute_path:
        inside = inside[part]
        if isinstance(part, int) and kind in names:
            own = inside.get("id") or inside.get("key") if isinstance(inside, dict) else None
            words.append(f"{names[kind]} “{own}”" if own else f"{names[kind]} {part + 1}")
        elif isinstance(part, int):
            words.append(f"{kind} {part + 1}")
        elif part not in (*names, "content"):
            words.append(str(part))
        kind = str(part)
    return ", ".join(words)


def _unique(ids: Iterator[str], what: str, place: str, file: str) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise LibraryFaultError(file, place, f"two of its {what} entries are called “{name}”")
        seen.add(name)
