"""The content of an activity: whether its JSON can be kept, what must be mended before publishing, how long it takes.

Two questions, two functions. `validate_content` looks at the shape: what it finds can't be saved at all.
`things_to_look_at` looks at a sound draft: what it finds keeps it from being published.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from homework.blocks import BLOCK_TYPES
from homework.queries.questions import blocks_of

MOST_PAGES, MOST_BLOCKS = 60, 500
MOST_DEPTH, MOST_PARTS, MOST_CHARACTERS = 10, 60_000, 1_000_000
WORDS_A_MINUTE: Final = 170
ID: Final = {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"}
SHAPE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["format", "pages"],
    "additionalProperties": False,
    "properties": {
        "format": {"const": 1},
        "pages": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_PAGES,
            "items": {
                "type": "object",
                "required": ["id", "blocks"],
                "additionalProperties": False,
                "properties": {
                    "id": ID,
                    "title": {"type": "string", "maxLength": 200},
                    "later": {"type": "boolean"},
                    "blocks": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["id", "type"],
                            "properties": {"id": ID, "type": {"type": "string", "maxLength": 40}},
                        },
                    },
                },
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: where (`page` and `block` by id, `path` for programs) and what, in words."""

    path: str
    message: str
    page: str = ""
    block: str = ""


def validate_content(content: Any) -> list[Problem]:
    """Return what keeps the JSON from being kept; an empty list when it is sound."""
    fault = unkeepable(content)
    if fault:
        return [Problem("", fault)]
    wrong = best_match(_validator("").iter_errors(content))
    if wrong is not None:
        return [_shape_problem(list(wrong.absolute_path))]
    if sum(len(page["blocks"]) for page in content["pages"]) > MOST_BLOCKS:
        return [Problem("pages", _("An activity has at most %(most)d blocks.") % {"most": MOST_BLOCKS})]
    return [*_doubled(content), *_block_shapes(content)]


def things_to_look_at(content: Mapping[str, Any]) -> list[Problem]:
    """Return what must be mended before publishing sound content, in reading order."""
    found: list[Problem] = []
    for number, page in enumerate(content["pages"], start=1):
        path = f"pages/{page['id']}"
        if not page.get("title", "").strip():
            words = _("Page %(number)d has no title.") % {"number": number}
            found.append(Problem(path, words, page["id"]))
        if not page["blocks"]:
            words = _("Page %(number)d is empty.") % {"number": number}
            found.append(Problem(path, words, page["id"]))
        for block in page["blocks"]:
            where = f"{path}/blocks/{block['id']}"
            for message in BLOCK_TYPES[block["type"]].problems(block):
                found.append(Problem(where, message, page["id"], block["id"]))
    return found


def block_of(content: Mapping[str, Any], block_id: str) -> dict[str, Any] | None:
    """Return the block with this id, or None."""
    return next((block for block in blocks_of(content) if block["id"] == block_id), None)


def minutes_for(content: Mapping[str, Any]) -> int:
    """Return about how many minutes reading and answering take, at least one."""
    seconds = 0.0
    for block in blocks_of(content):
        kind = BLOCK_TYPES.get(block["type"])
        if kind is not None:
            seconds += kind.seconds + len(kind.words(block).split()) / WORDS_A_MINUTE * 60
    return max(1, round(seconds / 60))


def unkeepable(value: Any) -> str:
    """Return in words why JSON can't be stored (too deep, too large, characters no database keeps), or ""."""
    waiting, parts, characters = [(value, 1)], 0, 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if depth > MOST_DEPTH:
            return _("This is nested too deeply to be kept.")
        if isinstance(part, str):
            characters += len(part)
            if not _keepable_text(part):
                return _("There is a character in it that can't be kept. Please type that place again.")
        elif isinstance(part, dict):
            waiting.extend((inner, depth + 1) for pair in part.items() for inner in pair)
        elif isinstance(part, list):
            waiting.extend((inner, depth + 1) for inner in part)
        elif isinstance(part, float) and not abs(part) <= 1e15:
            return _("There is a number in it that can't be kept.")
        if parts + len(waiting) > MOST_PARTS or characters > MOST_CHARACTERS:
            return _("This is too large to be kept. Please split it into two activities.")
    return ""


def _keepable_text(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(BLOCK_TYPES[kind].schema if kind else SHAPE)


def _shape_problem(path: list[Any]) -> Problem:
    where = "/".join(str(part) for part in path)
    return Problem(where, _("This doesn't have the form of an activity (at %(place)s).") % {"place": where or "/"})


def _doubled(content: Mapping[str, Any]) -> Iterator[Problem]:
    pages = Counter(page["id"] for page in content["pages"])
    blocks = Counter(block["id"] for block in blocks_of(content))
    for what, ids in (("pages", pages), ("blocks", blocks)):
        for one, times in ids.items():
            if times > 1:
                yield Problem(f"{what}/{one}", _("Two parts have the same id “%(id)s”.") % {"id": one})


def _block_shapes(content: Mapping[str, Any]) -> Iterator[Problem]:
    for page in content["pages"]:
        for block in page["blocks"]:
            path = f"pages/{page['id']}/blocks/{block['id']}"
            if block["type"] not in BLOCK_TYPES:
                words = _("There is no block of the type “%(type)s”.") % {"type": block["type"]}
                yield Problem(path, words, page["id"], block["id"])
                continue
            wrong = best_match(_validator(block["type"]).iter_errors(block))
            if wrong is not None:
                field = "/".join(str(part) for part in wrong.absolute_path) or wrong.validator
                words = _("A field of this block can't be kept: %(field)s.") % {"field": field}
                yield Problem(f"{path}/{field}", words, page["id"], block["id"])
