"""Answers as they come in, from a typed line or a page, checked item by item. Pure: no framework.

An answer is a whole number on the item's scale, `na` where the item allows "not applicable", or missing.
"""

import re
from collections.abc import Mapping
from typing import Any

from alliance.instruments.structure import Instrument, Item

NOT_APPLICABLE = "na"
Answer = int | str | None
Answers = dict[int, Answer]

_WHOLE = re.compile(r"-?[0-9]{1,6}")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_SHOWN = 20


class BadAnswer(ValueError):
    """An answer that the instrument does not allow. The message names the item."""

    def __init__(self, item: int | str, reason: str) -> None:
        super().__init__(f"item {item}: {reason}")
        self.item = item


def read_line(instrument: Instrument, text: str) -> Answers:
    """The answers of a comma-separated line, one place an item; an empty place is a missing answer.

    Unscored items at the end may be left out altogether. Raises BadAnswer.
    """
    places = [place.strip() for place in text.split(",")]
    needed, most = len(instrument.scored_items), len(instrument.items)
    if len(places) > most:
        raise BadAnswer(most + 1, f"{instrument.id} has {most} items, {len(places)} answers were given")
    if len(places) < needed:
        reason = f"no answer given: {instrument.id} needs {needed} places, {len(places)} were given"
        raise BadAnswer(len(places) + 1, f"{reason} (leave a place empty for a missing answer)")
    return {item.number: _typed(instrument, item, place) for item, place in zip(instrument.items, places, strict=False)}


def read_mapping(instrument: Instrument, answers: Mapping[str, Any]) -> Answers:
    """The answers of `{"1": 3, …}`; an item that is absent or null is a missing answer. Raises BadAnswer."""
    given: dict[int, Any] = {}
    for key, value in answers.items():
        if not (isinstance(key, str) and _NUMBER.fullmatch(key) and instrument.item(int(key))):
            raise BadAnswer(_shown(key), f"{instrument.id} has no such item")
        given[int(key)] = value
    return {item.number: checked(instrument, item, given.get(item.number)) for item in instrument.items}


def checked(instrument: Instrument, item: Item, value: Any) -> Answer:
    """The value as an answer to this item. Raises BadAnswer."""
    if value is None:
        return None
    if value == NOT_APPLICABLE:
        if not item.not_applicable:
            raise BadAnswer(item.number, "this item can't be answered with “not applicable”")
        return NOT_APPLICABLE
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadAnswer(item.number, f"{_shown(value)} is not a whole number")
    if not instrument.low <= value <= instrument.high:
        raise BadAnswer(item.number, f"{_shown(value)} is not between {instrument.low} and {instrument.high}")
    return value


def _typed(instrument: Instrument, item: Item, place: str) -> Answer:
    if not place:
        return None
    if place.lower() == NOT_APPLICABLE:
        return checked(instrument, item, NOT_APPLICABLE)
    if not _WHOLE.fullmatch(place):
        raise BadAnswer(item.number, f"{_shown(place)} is not a whole number")
    return checked(instrument, item, int(place))


def _shown(value: Any) -> str:
    text = str(value) if isinstance(value, int) and abs(value) < 10**_SHOWN else ascii(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
