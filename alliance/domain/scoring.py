"""Scores from answers, by the rules that the instrument's file declares. Pure: no framework; rounded once.

The rules that hold everywhere: a reversed item counts `low + high − x`; a scale is scored when at least 80 % of its
items are answered (or when the instrument's own, stricter `max_missing` allows it); the missing ones then count as
the person's own mean on that scale after reversing. "Not applicable" shortens the scale and is not missing.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from alliance.instruments.answers import NOT_APPLICABLE, Answers
from alliance.instruments.structure import Band, Bands, Instrument, Item, ScoreRule

_CENT = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """All that one set of answers yields. A score that can't be given is None."""

    instrument: str
    version: int
    scores: dict[str, Decimal | None]
    bands: dict[str, str]
    missing: tuple[int, ...]
    prorated: tuple[str, ...]
    risk: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values, whole numbers without a fraction."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "scores": {name: None if value is None else plain(value) for name, value in self.scores.items()},
            "bands": self.bands,
            "missing": list(self.missing),
            "prorated": list(self.prorated),
            "risk": list(self.risk),
        }


def score(instrument: Instrument, answers: Answers, *, band_set: str = "") -> Scored:
    """Everything the answers yield under the instrument's rules; answers come from `instruments.answers`.

    `band_set` names the bands to use where an instrument offers several; without it those have none.
    """
    turned = _turned(instrument, answers)
    scores = {rule.name: _value(rule, turned) for rule in instrument.rules}
    return Scored(
        instrument=instrument.id,
        version=instrument.version,
        scores=scores,
        bands=_banded(instrument.band_sets[band_set] if band_set else instrument.bands, scores),
        missing=tuple(item.number for item in instrument.scored_items if answers.get(item.number) is None),
        prorated=tuple(
            rule.name for rule in instrument.rules if not rule.of and _is_prorated(rule, turned, scores[rule.name])
        ),
        risk=tuple(item.number for item in instrument.items if item.risk and is_risk(item, answers.get(item.number))),
    )


def is_risk(item: Item, answer: Any) -> bool:
    """Whether this answer to this item must be seen by a person: a risk item, any value above zero."""
    return item.risk and isinstance(answer, int) and answer > 0


def turned(low: int, high: int, answer: int) -> int:
    """A reversed answer: the same distance from the other end of the scale."""
    return low + high - answer


def half_up(value: Fraction, *, whole: bool = False) -> Decimal:
    """The value rounded half up, once, to two decimals or to a whole number."""
    if whole:
        return Decimal((value + Fraction(1, 2)).__floor__())
    cents = (value * _CENT + Fraction(1, 2)).__floor__()
    return Decimal(cents) / _CENT


def plain(value: Decimal) -> int | float:
    """A decimal as the JSON number a reader expects: 15, not 15.0."""
    return int(value) if value == value.to_integral_value() else float(value)


def _turned(instrument: Instrument, answers: Answers) -> Answers:
    """Answers by item after reversing; `na` and missing stay as they are."""
    result: Answers = {}
    for item in instrument.scored_items:
        answer = answers.get(item.number)
        if item.reversed and isinstance(answer, int):
            answer = turned(instrument.low, instrument.high, answer)
        result[item.number] = answer
    return result


def _value(rule: ScoreRule, answers: Answers) -> Decimal | None:
    """One score, or None when too many of its items are missing."""
    asked = [answers[number] for number in rule.items if answers[number] != NOT_APPLICABLE]
    given = [answer for answer in asked if isinstance(answer, int)]
    missing = len(asked) - len(given)
    if not given or missing > _most_missing(rule, len(asked)):
        return None
    mean = Fraction(sum(given), len(given))
    value = (mean * len(asked) if rule.kind == "sum" else mean) * rule.multiply
    return half_up(value, whole=rule.whole)


def _most_missing(rule: ScoreRule, asked: int) -> int:
    """How many of the items asked may be missing: a fifth, or fewer where the instrument says so."""
    fifth = asked // 5
    return fifth if rule.max_missing is None else min(rule.max_missing, fifth)


def _is_prorated(rule: ScoreRule, answers: Answers, value: Decimal | None) -> bool:
    return value is not None and any(answers[number] is None for number in rule.items)


def _banded(bands: Bands, scores: dict[str, Decimal | None]) -> dict[str, str]:
    """The band key of every score that has bands and could be given."""
    found: dict[str, str] = {}
    for name, listed in bands.items():
        value = scores[name]
        if value is not None:
            found[name] = _last_reached(listed, value).key
    return found


def _last_reached(listed: tuple[Band, ...], value: Decimal) -> Band:
    return [band for band in listed if band.holds(value)][-1]
