"""The sparkline: a row's story in the size of a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from practice.pages.charts.given import Series


@dataclass(frozen=True)
class SparkLine:
    """A series as a stroke and its last point."""

    tone: str
    shape: str
    dash: str
    stroke: str
    x: float
    y: float
    state: str


@dataclass(frozen=True)
class Spark:
    """Everything templates/cotton/sparkline.html draws."""

    width: float
    height: float
    lines: list[SparkLine]
    band_y: float | None
    band_height: float
    label: str


def sparkline(
    *,
    series: Sequence[Series],
    y_range: tuple[float, float],
    label: str,
    band: tuple[float, float] | None = None,
    fell: bool = False,
    width: float = 92,
    height: float = 40,
    rtl: bool = False,
) -> Spark:
    """A small picture of the series; `label` says the same in words for listeners. `fell` draws the first series' last
    point as one that needs care."""
    low, high = y_range

    def y(value: float) -> float:
        return round(5 + (high - min(max(value, low), high)) / (high - low) * (height - 10), 1)

    def x(at: int, of: int) -> float:
        share = at / (of - 1) if of > 1 else 1.0
        return round(4 + (1 - share if rtl else share) * (width - 8), 1)

    lines = []
    for index, one in enumerate(series):
        places = [(x(at, len(one.values)), y(value)) for at, value in enumerate(one.values) if value is not None]
        if not places:
            continue
        stroke = " ".join(f"{px:g},{py:g}" for px, py in places)
        state = "is-clay" if fell and index == 0 else ""
        lines.append(SparkLine(one.tone, one.shape, one.dash, stroke, *places[-1], state))
    band_y, band_height = (y(band[1]), round(y(band[0]) - y(band[1]), 1)) if band else (None, 0.0)
    return Spark(width, height, lines, band_y, band_height, label)
