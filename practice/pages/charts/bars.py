"""The bar chart: amounts a week or day, what is planned against what would be, with an agreed limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from practice.pages.charts.drawn import Row, Tick
from practice.pages.charts.given import Limit
from practice.pages.charts.numbers import even_ticks, plain, text_width


@dataclass(frozen=True)
class Bar:
    """One column; `ghost` is the height of the dashed one behind it, or 0."""

    x: float
    width: float
    y: float
    height: float
    ghost_x: float
    ghost_width: float
    ghost_y: float
    ghost_height: float
    title: str


@dataclass(frozen=True)
class BarChart:
    """Everything templates/cotton/bar_chart.html draws."""

    id: str
    title: str
    description: str
    caption: str
    width: float
    height: float
    left: float
    right: float
    bottom: float
    grid: list[Tick]
    bars: list[Bar]
    x_ticks: list[Tick]
    limit_y: float | None
    limit_x: float
    limit_anchor: str
    limit_label: str
    names: list[str]
    x_title: str
    rows: list[Row]

    @property
    def viewbox(self) -> str:
        """The picture's own units."""
        return f"0 0 {self.width:g} {self.height:g}"


def bar_chart(
    *,
    id: str,
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    name: str,
    ghost: Sequence[float] | None = None,
    ghost_name: str = "",
    limit: Limit | None = None,
    caption: str = "",
    x_title: str = "",
    number: Callable[[float], str] = plain,
    size: tuple[float, float] = (400, 176),
    rtl: bool = False,
) -> BarChart:
    """Columns over labels, with a dashed ghost of another plan behind each where `ghost` is given."""
    width, height = size
    behind = list(ghost) if ghost is not None else [0.0] * len(values)
    most = max([*values, *behind, limit.value if limit else 0, 1])
    ticks = even_ticks(0, most * 1.1, most=5)
    room = max(text_width(number(tick)) for tick in ticks) + 14
    left, right = (8.0, width - room) if rtl else (room, width - 8.0)
    top, bottom = 18.0, height - 28.0
    top_value = max(ticks[-1], most)

    def y(value: float) -> float:
        return round(bottom - value / top_value * (bottom - top), 1)

    slot = (right - left) / max(len(values), 1)
    bars, x_ticks = [], []
    for index, value in enumerate(values):
        at = len(values) - 1 - index if rtl else index
        centre = left + slot * (at + 0.5)
        thick, wide = min(slot * 0.4, 26), min(slot * 0.72, 44)
        spoken = f"{labels[index]} · {name}: {number(value)}"
        if behind[index]:
            spoken += f" · {ghost_name}: {number(behind[index])}"
        bars.append(
            Bar(
                round(centre - thick / 2, 1),
                round(thick, 1),
                y(value),
                round(bottom - y(value), 1),
                round(centre - wide / 2, 1),
                round(wide, 1),
                y(behind[index]),
                round(bottom - y(behind[index]), 1),
                spoken,
            )
        )
        if len(values) <= 12 or index % 2 == 0:
            x_ticks.append(Tick(round(centre, 1), bottom + 18, labels[index]))
    grid = [Tick(right + 8 if rtl else left - 8, y(tick), number(tick), "start" if rtl else "end") for tick in ticks]
    names = [name, ghost_name] if ghost is not None else [name]
    rows = [
        Row(label, [number(values[at]), *([number(behind[at])] if ghost is not None else [])])
        for at, label in enumerate(labels)
    ]
    spoken_all = "; ".join(bar.title for bar in bars)
    return BarChart(
        id, title, spoken_all, caption, width, height, left, right, bottom, grid, bars, x_ticks,
        y(limit.value) if limit else None,
        left if rtl else right,
        "start" if rtl else "end", limit.label if limit else "", names, x_title, rows,
    )  # fmt: skip
