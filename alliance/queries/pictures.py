"""Courses as pictures with sentences: what the Alliance tab and the Progress page draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from alliance.blocks.presenting import label_of
from alliance.models import Rating, Signal
from alliance.queries.courses import CLIENT, RATERS, THERAPIST, Course, Form, Point
from alliance.signals import words
from practice.pages.charts import Band, Chart, Mark, Series, line_chart


def line_of(rater: str, name: str, values: Sequence[float | None]) -> Series:
    """Return a rater's line, told apart by shape and dash as well as by colour."""
    if rater == CLIENT:
        return Series(name, values, tone="teal", shape="circle")
    return Series(name, values, tone="plum", shape="diamond", dash="dots")


NEWEST = 3


@dataclass(frozen=True)
class Names:
    """How each side is called on this page, in a key and in a sentence."""

    client: str
    therapist: str
    own: bool = False
    """Whether the reader is the client: sentences then say "you"."""

    def of(self, rater: str) -> str:
        """The name of a rater."""
        return self.client if rater == CLIENT else self.therapist


@dataclass(frozen=True)
class Told:
    """A signal with its rule in words."""

    signal: Signal
    level: str
    rater: str
    number: int | None
    rule: str
    own: str


@dataclass(frozen=True)
class Picture:
    """One score over time: the chart (None while there is no rating), a sentence, and the signals on it."""

    name: str
    ends: str
    chart: Chart | None
    more: str
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """One form: its name as it may be shown, what its words are, its pictures, and what still waits."""

    key: str
    name: str
    label: str
    kind: str
    scale: str
    pictures: list[Picture]
    waiting: dict[str, list[Rating]]
    newest: list[Rating]
    declined: int
    has_data: bool


def card(form: Form, names: Names, signals: Sequence[Signal] = (), *, narrow: bool = False) -> Card:
    """Return one form as a card."""
    found = form.instrument
    waiting = {side: [asked for asked in form.waiting if asked.rater == side] for side in (CLIENT, THERAPIST)}
    return Card(
        key=found.id,
        name=found.topic_name,
        label=label_of(found, get_language() or "en"),
        kind=found.kind,
        scale=_scale(form),
        pictures=[_picture(course, names, signals, narrow=narrow) for course in form.courses],
        waiting=waiting,
        newest=[rating for rating in reversed(form.given) if rating.rater == CLIENT and rating.assignment_id][:NEWEST],
        declined=form.declined,
        has_data=any(course.points for course in form.courses),
    )


def _scale(form: Form) -> str:
    low, high = form.courses[0].low, form.courses[0].high
    facts = {"low": words.shown(low), "high": words.shown(high)}
    if form.instrument.kind == "outcome":
        return _("%(low)s is lightest, %(high)s is heaviest.") % facts
    return _("%(low)s is low, %(high)s is high.") % facts


def _picture(course: Course, names: Names, signals: Sequence[Signal], *, narrow: bool) -> Picture:
    told = [found for found in (_told(signal, course, names) for signal in signals) if found]
    last = course.last(CLIENT)
    return Picture(
        name=str(words.SCORES.get(course.score, course.score)) if course.score != "total" else "",
        ends=str(words.ENDS.get(course.score, "")),
        chart=_chart(course, names, told, narrow=narrow) if course.points else None,
        more=words.until_usual(len(course.points.get(CLIENT, ()))) if last and course.usual is None else "",
        told=told,
    )


def _chart(course: Course, names: Names, told: Sequence[Told], *, narrow: bool) -> Chart:
    sittings = course.sittings
    labels = [str(number) if number and not names.own else _day(at) for number, at, _points in sittings]
    raters = [rater for rater in RATERS if course.points.get(rater)]
    series = [
        line_of(rater, names.of(rater), [_value(points.get(rater)) for _n, _at, points in sittings]) for rater in raters
    ]
    usual, low, high = course.usual, course.low, course.high
    band = (
        Band(max(low, usual.low), min(high, usual.high), _("your usual range") if names.own else _("their usual range"))
        if usual
        else None
    )
    return line_chart(
        id=f"chart-{course.instrument.id}-{course.score}",
        title=str(words.SCORES.get(course.score, course.score)),
        x_labels=labels,
        x_title="" if names.own else _("Session"),
        series=series,
        y_range=(low, high),
        band=band,
        caption=_sentence(course, names, last) if (last := course.last(CLIENT)) else "",
        marks=[mark for signal in told if (mark := _mark(signal, course, raters, names))],
        number=words.shown,
        narrow=narrow,
        rtl=get_language_bidi(),
    )


def _mark(told: Told, course: Course, raters: Sequence[str], names: Names) -> Mark | None:
    for index, (_number, _at, points) in enumerate(course.sittings):
        point = points.get(told.rater)
        if point and point.rating == told.signal.rating_id:
            label = _("a harder one") if names.own else _("%(level)s fall") % {"level": told.level}
            return Mark(index, label, series=raters.index(told.rater), tone="" if names.own else "clay")
    return None


def _told(signal: Signal, course: Course, names: Names) -> Told | None:
    for rater, line in course.points.items():
        for point in line:
            if point.rating == signal.rating_id:
                numbers: dict[str, Any] = signal.numbers
                return Told(
                    signal=signal,
                    level=str(words.LEVELS.get(signal.level, signal.level)),
                    rater=rater,
                    number=point.number,
                    rule=words.rule(numbers, whose=names.of(rater)),
                    own=str(words.FALSE_ALARMS),
                )
    return None


def _sentence(course: Course, names: Names, last: Point) -> str:
    low, high = (last.usual.low, last.usual.high) if last.usual else (None, None)
    if names.own:
        return words.portal_sentence(value=last.value, low=low, high=high)
    return words.desk_sentence(name=names.client, value=last.value, number=last.number, low=low, high=high)


def _value(point: Point | None) -> float | None:
    return point.value if point else None


def _day(at: Any) -> str:
    return date_format(localtime(at), "j M")
