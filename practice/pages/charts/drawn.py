"""What a template draws: every place already a coordinate of the picture."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tick:
    """A place on an axis with its words."""

    x: float
    y: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Words:
    """Text on the picture; `kind` is a css class of chart.css."""

    x: float
    y: float
    text: str
    anchor: str
    kind: str
    tone: str = ""


@dataclass(frozen=True)
class Point:
    """One value as drawn; `title` is what a pointer that rests on it reads."""

    x: float
    y: float
    shape: str
    size: float
    title: str
    state: str = ""

    @property
    def corner(self) -> tuple[float, float, float]:
        """Left, top and side of the square that a diamond or square is drawn from."""
        side = self.size * (1.7 if self.shape == "diamond" else 1.8)
        return (round(self.x - side / 2, 1), round(self.y - side / 2, 1), round(side, 1))


@dataclass(frozen=True)
class Line:
    """A series as drawn: unbroken stretches and their points."""

    name: str
    tone: str
    shape: str
    dash: str
    stretches: list[str]
    points: list[Point]


@dataclass(frozen=True)
class Stripe:
    """A rectangle across the plot."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Row:
    """A line of the table twin."""

    head: str
    cells: list[str]


@dataclass(frozen=True)
class Chart:
    """Everything templates/cotton/chart.html draws."""

    id: str
    title: str
    description: str
    caption: str
    more: str
    rule: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    grid: list[Tick]
    x_ticks: list[Tick]
    lines: list[Line]
    band: Stripe | None
    zones: list[Stripe]
    limit_y: float | None
    pins: list[Tick]
    words: list[Words]
    x_title: str
    rows: list[Row] = field(default_factory=list)
    small: "Chart | None" = None
    """The same for a narrow screen; None when this one is narrow already."""

    @property
    def viewbox(self) -> str:
        """The picture's own units."""
        return f"0 0 {self.width:g} {self.height:g}"

    @property
    def has_key(self) -> bool:
        """Whether there is more than one series to tell apart."""
        return len(self.lines) > 1
