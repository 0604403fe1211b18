"""The line chart: values over time by one or two raters, with the usual range, marks and a table twin."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from practice.pages.charts.drawn import Chart, Line, Point, Row, Tick, Words
from practice.pages.charts.given import Asked, Band, Limit, Mark, Pin, Series, Zone
from practice.pages.charts.labels import Box, best_place, point_box
from practice.pages.charts.numbers import even_ticks, plain, spread, text_width
from practice.pages.charts.plane import Plane

WIDE = (760.0, 300.0)
NARROW = (330.0, 216.0)


def line_chart(
    *,
    id: str,
    title: str,
    x_labels: Sequence[str],
    series: Sequence[Series],
    y_range: tuple[float, float],
    description: str = "",
    caption: str = "",
    more: str = "",
    rule: str = "",
    x_title: str = "",
    x_places: Sequence[float] | None = None,
    y_ticks: Sequence[float] | None = None,
    band: Band | None = None,
    zones: Sequence[Zone] = (),
    marks: Sequence[Mark] = (),
    pins: Sequence[Pin] = (),
    limit: Limit | None = None,
    number: Callable[[float], str] = plain,
    narrow: bool = False,
    rtl: bool = False,
) -> Chart:
    """A chart of one or more series over the same x's.

    `x_labels` name the x's in order (they also head the table's rows); `x_places` puts them on a time line (days, for
    instance) instead of evenly. `caption` is the sentence below the picture, `more` what follows it, `rule`
    the small print of a signal.
    `description` is what a screen reader hears instead of the picture; without one it is made of the numbers.
    A wide chart carries a small one of the same numbers, for phones.
    Raises ValueError when a series has another number of values than there are x's.
    """
    for one in series:
        if len(one.values) != len(x_labels):
            raise ValueError(f"{one.name}: {len(one.values)} values for {len(x_labels)} places")
    asked = Asked(
        id=id, title=title, x_labels=x_labels, series=series, y_range=y_range, description=description,
        caption=caption, more=more, rule=rule, x_title=x_title, x_places=x_places, y_ticks=y_ticks, band=band,
        zones=zones, marks=marks, pins=pins, limit=limit, number=number, narrow=narrow, rtl=rtl,
    )  # fmt: skip
    small = None if narrow else _draw(replace(asked, id=f"{id}-small", narrow=True))
    return _draw(asked, small=small)


def _draw(asked: Asked, small: Chart | None = None) -> Chart:
    places = list(asked.x_places) if asked.x_places is not None else [float(at) for at in range(len(asked.x_labels))]
    most = 4 if asked.narrow else 7
    ticks = list(asked.y_ticks) if asked.y_ticks is not None else even_ticks(*asked.y_range, most=most)
    plane = _plane(asked, places, ticks)
    xs = [plane.x(place) for place in places]
    lines = [_line(plane, asked, which, xs) for which in range(len(asked.series))]
    pin_end = plane.y(asked.band.low) if asked.band else plane.top + 48
    pins = [Tick(plane.x(pin.place), pin_end, pin.letter) for pin in asked.pins]
    return Chart(
        id=asked.id, title=asked.title, description=asked.description or _spoken(asked),
        caption=asked.caption, more=asked.more, rule=asked.rule, small=small,
        width=plane.width, height=plane.height, left=plane.left, right=plane.right, top=plane.top, bottom=plane.bottom,
        grid=[] if asked.zones else [_grid(plane, tick, asked.number) for tick in ticks],
        x_ticks=_x_ticks(plane, asked.x_labels, places), lines=lines,
        band=plane.stripe(asked.band.low, asked.band.high) if asked.band else None,
        zones=[plane.stripe(zone.low, zone.high) for zone in list(asked.zones)[::2]],
        limit_y=plane.y(asked.limit.value) if asked.limit else None,
        pins=pins, words=_words(plane, asked, xs, lines, pins), x_title=asked.x_title, rows=_rows(asked),
    )  # fmt: skip


def _plane(asked: Asked, places: list[float], ticks: list[float]) -> Plane:
    room = max((text_width(asked.number(tick)) for tick in ticks), default=8.0) + 18.0
    return Plane(
        size=NARROW if asked.narrow else WIDE,
        y_range=asked.y_range,
        places=places,
        room=12.0 if asked.zones else room,
        rtl=asked.rtl,
        headroom=30.0 if asked.pins else 18.0,
        tail=max((text_width(zone.label, 12.5) for zone in asked.zones), default=-16.0) + 16,
    )


def _words(plane: Plane, asked: Asked, xs: list[float], lines: list[Line], pins: list[Tick]) -> list[Words]:
    """All words of the picture, each placed where it covers least of what is already there."""
    busy = [point_box(point.x, point.y) for line in lines for point in line.points]
    busy += [Box(pin.x - 4, 0, 8, pin.y) for pin in pins]
    return [
        *_limit_words(plane, asked.limit),
        *_zone_words(plane, asked.zones),
        *_mark_words(plane, asked, xs, busy),
        *_end_words(lines, asked.series, asked.number),
        *_band_words(plane, asked.band, busy),
    ]


def _rows(asked: Asked) -> list[Row]:
    return [
        Row(label, [_cell(one.values[at], asked.number) for one in asked.series])
        for at, label in enumerate(asked.x_labels)
    ]


def _line(plane: Plane, asked: Asked, which: int, xs: list[float]) -> Line:
    one = asked.series[which]
    marked = {mark.index: mark for mark in asked.marks if mark.series == which and not mark.bare}
    known = [at for at, value in enumerate(one.values) if value is not None]
    points: list[Point] = []
    stretches: list[list[str]] = [[]]
    for at, value in enumerate(one.values):
        if value is None:
            stretches.append([])
            continue
        mark = marked.get(at)
        state = "" if mark is None else (f"is-{mark.tone}" if mark.tone else "is-marked")
        big = mark is not None or (one.ends and at in (known[0], known[-1]))
        title = f"{asked.x_labels[at]} · {one.name}: {asked.number(value)}"
        point = Point(xs[at], plane.y(value), one.shape, 6.5 if big else 4.5, title, state)
        points.append(point)
        stretches[-1].append(f"{point.x:g},{point.y:g}")
    strokes = [" ".join(part) for part in stretches if len(part) > 1]
    return Line(one.name, one.tone, one.shape, one.dash, strokes, points)


def _grid(plane: Plane, tick: float, number: Callable[[float], str]) -> Tick:
    x = plane.right + 10 if plane.rtl else plane.left - 10
    return Tick(x, plane.y(tick), number(tick), "start" if plane.rtl else "end")


def _x_ticks(plane: Plane, labels: Sequence[str], places: Sequence[float]) -> list[Tick]:
    if not labels:
        return []
    xs = [plane.x(place) for place in places]
    shown = spread(labels, [abs(x - xs[0]) for x in xs])
    ticks = []
    for index in shown:
        half = text_width(labels[index]) / 2
        anchor, x = "middle", xs[index]
        if x - half < 2:
            anchor, x = "start", max(plane.left - 4, 2)
        elif x + half > plane.width - 2:
            anchor, x = "end", plane.width - 2
        ticks.append(Tick(round(x, 1), plane.bottom + 22, labels[index], anchor))
    return ticks


def _limit_words(plane: Plane, limit: Limit | None) -> list[Words]:
    if limit is None:
        return []
    x, anchor = (plane.left, "start") if plane.rtl else (plane.right, "end")
    return [Words(x, plane.y(limit.value) - 6, limit.label, anchor, "limit-label")]


def _zone_words(plane: Plane, zones: Sequence[Zone]) -> list[Words]:
    x, anchor = (plane.left + 8, "start") if plane.rtl else (plane.right - 8, "end")
    return [
        Words(x, round((plane.y(zone.low) + plane.y(zone.high)) / 2 + 4, 1), zone.label, anchor, "zone-label")
        for zone in zones
    ]


def _mark_words(plane: Plane, asked: Asked, xs: list[float], busy: list[Box]) -> list[Words]:
    words = []
    for mark in asked.marks:
        value = asked.series[mark.series].values[mark.index]
        if value is None:
            continue
        width = max(text_width(mark.label, 12.5), text_width(mark.sub))
        box = _beside(plane, xs[mark.index], plane.y(value), width, 30.0 if mark.sub else 15.0, busy)
        busy.append(box)
        middle = round(box.x + width / 2, 1)
        words.append(Words(middle, round(box.y + 12, 1), mark.label, "middle", "mark-label", mark.tone))
        if mark.sub:
            words.append(Words(middle, round(box.y + 27, 1), mark.sub, "middle", "mark-sub"))
    return words


def _beside(plane: Plane, x: float, y: float, width: float, height: float, busy: list[Box]) -> Box:  # noqa: PLR0917
    """A place for words near a point: below, above, after or before it."""
    half = width / 2
    start = min(max(x, half + 2), plane.width - half - 2) - half
    choices = [
        Box(start, y + 12, width, height),
        Box(start, y - 14 - height, width, height),
        Box(min(x + 12, plane.width - width), y - height / 2, width, height),
        Box(max(x - 12 - width, 0), y - height / 2, width, height),
    ]
    return best_place(choices, busy, within=(0, plane.width, 0, plane.bottom))


def _end_words(lines: Sequence[Line], series: Sequence[Series], number: Callable[[float], str]) -> list[Words]:
    words = []
    for line, one in zip(lines, series, strict=True):
        known = [value for value in one.values if value is not None]
        if not one.ends or not known:
            continue
        ends = {0: known[0], len(known) - 1: known[-1]}
        for at, value in ends.items():
            point = line.points[at]
            neighbour = known[1] if at == 0 and len(known) > 1 else known[-2] if len(known) > 1 else value
            above = value >= neighbour
            words.append(Words(point.x, point.y + (-13 if above else 24), number(value), "middle", "value-label"))
    return words


def _band_words(plane: Plane, band: Band | None, busy: list[Box]) -> list[Words]:
    if band is None or not band.label:
        return []
    width, height = text_width(band.label), 14.0
    near, far = plane.left + 6, plane.right - 6 - width
    if plane.rtl:
        near, far = far, near
    above, below = plane.y(band.high) - height - 3, plane.y(band.low) + 3
    inside = plane.y(band.high) + 3
    place = best_place(
        [Box(x, y, width, height) for y in (above, below, inside) for x in (near, far)],
        busy,
        within=(0, plane.width, plane.top - height, plane.bottom),
    )
    return [Words(round(place.x, 1), round(place.y + 11, 1), band.label, "start", "band-label")]


def _cell(value: float | None, number: Callable[[float], str]) -> str:
    return "–" if value is None else number(value)


def _spoken(asked: Asked) -> str:
    parts = []
    for one in asked.series:
        pairs = zip(asked.x_labels, one.values, strict=True)
        known = ", ".join(f"{label} {asked.number(value)}" for label, value in pairs if value is not None)
        parts.append(f"{one.name}: {known}.")
    return " ".join(parts)
