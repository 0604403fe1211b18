"""What an instrument is made of, read from its file: items, scale, scores, bands. Pure: no framework."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SECONDS_AN_ITEM = 6
NOT_SHIPPED = {
    "arm": "which item belongs to which scale could not be confirmed",
    "arm-12": "which item belongs to which scale could not be confirmed",
}


class UnknownInstrument(ValueError):
    """There is no such instrument here."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its number, its scale and what may be answered."""

    number: int
    subscale: str = ""
    reversed: bool = False
    scored: bool = True
    not_applicable: bool = False
    risk: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """How one score comes about. A rule with `of` repeats another score's items in another form."""

    name: str
    kind: str
    items: tuple[int, ...]
    multiply: int = 1
    max_missing: int | None = None
    whole: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a score that begins at `start`, or just above it when `exclusive`."""

    key: str
    start: Decimal
    exclusive: bool = False

    def holds(self, value: Decimal) -> bool:
        """Whether the value has reached this band."""
        return value > self.start if self.exclusive else value >= self.start


Bands = dict[str, tuple[Band, ...]]


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument's structure. Its wording is elsewhere (`wording.py`)."""

    id: str
    version: int
    title: str
    topic_name: str
    kind: str
    offered: bool
    raters: tuple[str, ...]
    low: int
    high: int
    control: str
    items: tuple[Item, ...]
    rules: tuple[ScoreRule, ...]
    bands: Bands
    band_sets: dict[str, Bands]
    signal_sd: dict[str, Decimal]
    rights: str
    own_wording: bool
    sources: tuple[str, ...]

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that count: all but those only asked for context."""
        return tuple(item for item in self.items if item.scored)

    @property
    def is_alliance(self) -> bool:
        """Whether it measures the working relationship: only these have the rupture signal."""
        return self.kind == "alliance"

    @property
    def has_risk(self) -> bool:
        """Whether any item asks about danger."""
        return any(item.risk for item in self.items)

    def item(self, number: int) -> Item | None:
        """The item with this number, or None."""
        return self.items[number - 1] if 1 <= number <= len(self.items) else None

    def score_range(self, name: str) -> tuple[Decimal, Decimal]:
        """The lowest and the highest value that a score can take."""
        rule = next(rule for rule in self.rules if rule.name == name)
        factor = rule.multiply * (len(rule.items) if rule.kind == "sum" else 1)
        return Decimal(self.low * factor), Decimal(self.high * factor)


@cache
def shipped() -> tuple[str, ...]:
    """The ids of all instruments that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "schema"))


def offered() -> tuple[Instrument, ...]:
    """The instruments that can be put on a client's list: those that have a wording."""
    return tuple(found for found in map(instrument, shipped()) if found.offered)


@cache
def instrument(name: str) -> Instrument:
    """The instrument with this id. Raises UnknownInstrument, saying why when it is one we know of."""
    if name in NOT_SHIPPED:
        raise UnknownInstrument(f"{name} does not ship: {NOT_SHIPPED[name]}")
    if name not in shipped():
        raise UnknownInstrument(f"there is no instrument {name[:40]!r}; there are {', '.join(shipped())}")
    return from_data(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def minutes_of(found: Instrument) -> int:
    """About how many minutes a form takes, six seconds an item."""
    return max(1, round(len(found.items) * SECONDS_AN_ITEM / 60))


def from_data(data: dict[str, Any]) -> Instrument:
    """An instrument from its file's content, which the schema has checked."""
    items = tuple(Item(**item) for item in data["items"])
    return Instrument(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        topic_name=data["topic_name"],
        kind=data["kind"],
        offered=data["offered"],
        raters=tuple(data["raters"]),
        low=data["scale"]["low"],
        high=data["scale"]["high"],
        control=data["scale"]["control"],
        items=items,
        rules=_rules(data["scores"], items),
        bands=_bands(data.get("bands", {})),
        band_sets={name: _bands(bands) for name, bands in data.get("band_sets", {}).items()},
        signal_sd={name: Decimal(str(sd)) for name, sd in data.get("signal_sd", {}).items()},
        rights=data["rights"],
        own_wording=data["own_wording"],
        sources=tuple(data["sources"]),
    )


def _rules(scores: list[dict[str, Any]], items: tuple[Item, ...]) -> tuple[ScoreRule, ...]:
    rules: dict[str, ScoreRule] = {}
    for score in scores:
        base = rules.get(score.get("of", ""))
        numbers = base.items if base else _numbers(items, score.get("subscale", ""))
        rules[score["name"]] = ScoreRule(
            name=score["name"],
            kind=score["kind"],
            items=numbers,
            multiply=score.get("multiply", 1),
            max_missing=base.max_missing if base else score.get("max_missing"),
            whole=score.get("round") == "whole",
            of=score.get("of", ""),
        )
    return tuple(rules.values())


def _numbers(items: tuple[Item, ...], subscale: str) -> tuple[int, ...]:
    return tuple(item.number for item in items if item.scored and subscale in ("", item.subscale))


def _bands(bands: dict[str, list[dict[str, Any]]]) -> Bands:
    return {name: tuple(_band(band) for band in listed) for name, listed in bands.items()}


def _band(band: dict[str, Any]) -> Band:
    exclusive = "above" in band
    return Band(key=band["key"], start=Decimal(str(band["above" if exclusive else "from"])), exclusive=exclusive)
