"""What a caller gives: series, band, zones, marks, pins and a limit, in the values' own units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """One rater's values, one for each x; None is a gap that the line does not bridge.

    Raters are told apart by shape and dash as well as tone: `shape` is circle, diamond or square, `dash` "" or "dots".
    """

    name: str
    values: Sequence[float | None]
    tone: str = "teal"
    shape: str = "circle"
    dash: str = ""
    ends: bool = False
    """Write the first and the last value beside their points."""


@dataclass(frozen=True)
class Band:
    """A range that is usual for this person, from low to high, with its words."""

    low: float
    high: float
    label: str = ""


@dataclass(frozen=True)
class Zone:
    """A named stretch of the scale, such as “medium”, drawn as stripes behind the line."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A point with words on the picture. `tone` "clay" fills it, "" draws it as a ring."""

    index: int
    label: str
    sub: str = ""
    series: int = 0
    tone: str = ""
    bare: bool = False
    """Only the words, the point stays as it is."""


@dataclass(frozen=True)
class Pin:
    """A moment from life between the points; `place` is an x position, `letter` names it in the list below."""

    place: float
    letter: str


@dataclass(frozen=True)
class Limit:
    """A dashed line with words: what was agreed, or where chance ends."""

    value: float
    label: str


@dataclass(frozen=True)
class Asked:
    """All that `line_chart` was given, so that it can be drawn at more than one size."""

    id: str
    title: str
    x_labels: Sequence[str]
    series: Sequence[Series]
    y_range: tuple[float, float]
    description: str
    caption: str
    more: str
    rule: str
    x_title: str
    x_places: Sequence[float] | None
    y_ticks: Sequence[float] | None
    band: Band | None
    zones: Sequence[Zone]
    marks: Sequence[Mark]
    pins: Sequence[Pin]
    limit: Limit | None
    number: Callable[[float], str]
    narrow: bool
    rtl: bool
