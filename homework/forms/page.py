"""One page of an assignment as a plain form post."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from homework.blocks import BLOCK_TYPES
from homework.queries.runner import RunnerPage


@dataclass(frozen=True)
class PostedAnswer:
    """What one block's fields say. `rev` is the revision the page was drawn with."""

    block: str
    value: Any
    rev: int
    save_uuid: uuid.UUID


def posted_answers(page: RunnerPage, data: QueryDict) -> list[PostedAnswer]:
    """Return an answer for each question of the page whose fields differ from what is stored, or that was emptied."""
    found = []
    for view in page.blocks:
        if not view.asks or f"rev-{view.name}" not in data:
            continue
        value = BLOCK_TYPES[view.block["type"]].from_form(view.block, data, view.name)
        if value is None and view.value is None:
            continue
        found.append(PostedAnswer(view.name, value, _number(str(data[f"rev-{view.name}"])), uuid.uuid4()))
    return found


def fields_as_form(fields: Any) -> QueryDict:
    """Return `[[name, value], …]`, as a script reads them off the page, as the form that a browser would post."""
    data = QueryDict(mutable=True)
    for pair in fields:
        name, value = pair
        data.appendlist(str(name), str(value))
    return data


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
