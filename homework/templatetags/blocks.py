"""What the blocks' templates need: their partials by name, Markdown, options with their ticks, rows of a table.

`{% answer_block block name value error %}` renders the field, `{% show_block block value %}` the answer.
"""

import json
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from homework.blocks import BLOCK_TYPES, is_skipped
from homework.blocks.picture import pictures
from homework.blocks.table import COLUMN_KINDS, cell_words
from homework.domain.markup import render

register = template.Library()


@register.simple_tag(takes_context=True)
def answer_block(context: Context, block: dict[str, Any], name: str, value: Any = None, error: str = "") -> SafeString:
    """Render the block's field in a form; a text or a picture is shown."""
    return _partial(context, block, "answer", name=name, value=value, error=error)


@register.simple_tag(takes_context=True)
def show_block(context: Context, block: dict[str, Any], value: Any = None) -> SafeString:
    """Render an answer for reading, without its question."""
    return _partial(context, block, "show", value=value)


@register.simple_tag(takes_context=True)
def edit_block(context: Context, block: dict[str, Any], ident: str) -> SafeString:
    """Render the block's fields in the builder; ids of its controls start with `ident`."""
    return _partial(context, block, "edit", ident=ident)


def _partial(context: Context, block: dict[str, Any], partial: str, **more: Any) -> SafeString:
    kind = BLOCK_TYPES.get(block["type"])
    if kind is None or context.template is None:
        return mark_safe("")
    found = context.template.engine.get_template(f"{kind.template}#{partial}")
    with context.push(block=block, kind=kind, **more):
        return found.render(context)


@register.filter
def markdown(text: str) -> SafeString:
    """Render rich text."""
    return render(text or "")


@register.filter
def block_type(block: dict[str, Any]) -> Any:
    """Return the block's type."""
    return BLOCK_TYPES.get(block["type"])


@register.filter
def skipped(value: Any) -> bool:
    """Return whether the answer is “I would rather not say”."""
    return is_skipped(value)


@register.filter
def given(value: Any) -> Any:
    """Return the answer, or "" when there is none or it was skipped: what a field starts with."""
    return "" if value is None or is_skipped(value) else value


@register.filter
def is_given(value: Any) -> bool:
    """Return whether there is an answer that was not skipped; 0 is one."""
    return value is not None and not is_skipped(value)


@register.filter
def end(block: dict[str, Any], name: str) -> Any:
    """Return a number of a scale (`low`, `high`, `step`), the type's own where the block says nothing."""
    return block.get(name, BLOCK_TYPES[block["type"]].new("x")[name])


@register.filter
def share(value: Any, block: dict[str, Any]) -> str:
    """Return where a number stands between the ends of its scale, in percent, for an SVG attribute."""
    low, high = end(block, "low"), end(block, "high")
    return f"{100 * (value - low) / ((high - low) or 1):.1f}"


@register.filter
def choice_help(block: dict[str, Any]) -> str:
    """Return the help of a question with several choices, with its limits in words."""
    words = [block.get("help", "")]
    if block.get("min"):
        words.append(ngettext("Choose at least %(n)d.", "Choose at least %(n)d.", block["min"]) % {"n": block["min"]})
    if block.get("max"):
        words.append(ngettext("Choose up to %(n)d.", "Choose up to %(n)d.", block["max"]) % {"n": block["max"]})
    return " ".join(word for word in words if word)


@register.filter
def cell_name(name: str, number: int) -> str:
    """Return the beginning of the names of a row's fields."""
    return f"{name}-{number}"


@register.simple_tag
def column_kinds() -> list[tuple[str, Any]]:
    """Return the kinds of a table's columns as pairs for a list to choose from."""
    return list(COLUMN_KINDS.items())


@register.filter
def part(value: Any, key: str) -> Any:
    """Return one part of an answer, "" when it isn't there."""
    return value.get(key, "") if isinstance(value, dict) else ""


@register.filter
def numbers(block: dict[str, Any]) -> list[int]:
    """Return the numbers of a rating."""
    return list(range(end(block, "low"), end(block, "high") + 1))


@register.filter
def ticked(options: Any, chosen: Any) -> list[dict[str, Any]]:
    """Return options with `on`: whether they are among the chosen ids (a list or one id)."""
    ids = chosen if isinstance(chosen, list) else [chosen]
    return [option | {"on": option["id"] in ids} for option in options or []]


@register.filter
def own_lines(value: Any) -> list[str]:
    """Return a checklist's own lines and two empty ones."""
    own = value.get("own", []) if isinstance(value, dict) else []
    return [*own, "", ""][: max(20, len(own))]


@register.filter
def table_rows(block: dict[str, Any], value: Any) -> list[dict[str, Any]]:
    """Return every row a table may have: number from 0, cells with their column, whether it starts open."""
    filled = value.get("rows", []) if isinstance(value, dict) else []
    open_rows = max(block.get("rows", 1), len(filled))
    total = max(block.get("max_rows", open_rows), open_rows)
    return [
        {"number": number, "shown": number < open_rows, "cells": _cells(block, filled, number)}
        for number in range(total)
    ]


@register.filter
def filled_rows(block: dict[str, Any], value: Any) -> list[list[dict[str, Any]]]:
    """Return the rows of an answered table, cells in words."""
    rows = value.get("rows", []) if isinstance(value, dict) else []
    return [
        [{"column": column, "words": cell_words(column, row.get(column["id"]))} for column in block["columns"]]
        for row in rows
    ]


@register.simple_tag
def shipped_pictures() -> list[tuple[str, str]]:
    """Return the shipped pictures as pairs for a list to choose from."""
    return [(name, name.replace("-", " ")) for name in pictures()]


@register.filter
def known_picture(name: str) -> bool:
    """Return whether a picture ships."""
    return name in pictures()


@register.filter
def summary(block: dict[str, Any], value: Any) -> str:
    """Return an answer as one line."""
    kind = BLOCK_TYPES.get(block["type"])
    return kind.summary(block, value) if kind else ""


def _cells(block: dict[str, Any], filled: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    row = filled[number] if number < len(filled) else {}
    return [{"column": column, "value": row.get(column["id"], "")} for column in block["columns"]]


@register.filter
def fresh(kind: Any) -> str:
    """Return a fresh block of the type as JSON, for the builder's palette."""
    return json.dumps(kind.new("new"), default=str)
