"""How a client's forms went over time, as one side may see them. One query, whatever the number of ratings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from alliance.instruments.structure import Instrument, instrument
from alliance.models import Rating, RatingStatus
from alliance.queries.blind import is_decided, visible_to
from alliance.signals.rupture import UsualRange, usual_range
from clients.models import Client

MOST = 600
CLIENT, THERAPIST = "client", "therapist"
RATERS = (CLIENT, THERAPIST)


@dataclass(frozen=True)
class Point:
    """One score of one rater. `number` is the session's, `usual` what was usual before this rating."""

    rating: int
    rater: str
    number: int | None
    at: datetime
    value: float
    prorated: int
    usual: UsualRange | None


@dataclass(frozen=True)
class Course:
    """One score of one instrument over time, both raters."""

    instrument: Instrument
    score: str
    low: float
    high: float
    points: dict[str, tuple[Point, ...]]

    def last(self, rater: str) -> Point | None:
        """The newest point of one rater."""
        line = self.points.get(rater, ())
        return line[-1] if line else None

    @property
    def usual(self) -> UsualRange | None:
        """The client's usual range that the newest rating is compared with; None before the fourth rating."""
        last = self.last(CLIENT)
        return last.usual if last else None

    @cached_property
    def sittings(self) -> list[tuple[int | None, datetime, dict[str, Point]]]:
        """The rows of the table: session number, moment, and each rater's point; oldest first."""
        rows: dict[tuple[int | None, object], tuple[int | None, datetime, dict[str, Point]]] = {}
        for point in sorted((point for line in self.points.values() for point in line), key=lambda found: found.at):
            key = (point.number, None) if point.number else (None, point.rating)
            rows.setdefault(key, (point.number, point.at, {}))[2][point.rater] = point
        return list(rows.values())

    @property
    def has_both(self) -> bool:
        """Whether both sides gave at least one rating."""
        return all(self.points.get(rater) for rater in RATERS)


@dataclass(frozen=True)
class Form:
    """All that one instrument has to show: its courses, and what waits for whom."""

    instrument: Instrument
    courses: tuple[Course, ...]
    waiting: tuple[Rating, ...]
    given: tuple[Rating, ...]
    declined: int

    def waits(self, rater: str) -> bool:
        """Whether this side still has a form of this kind open."""
        return any(rating.rater == rater for rating in self.waiting)


def forms_of(client: Client, *, reader: str) -> list[Form]:
    """The client's forms as `reader` (client or therapist) may see them, alliance first. One query."""
    rows = list(
        Rating.objects.filter(client=client)
        .select_related("appointment", "assignment")
        .order_by("-asked_at", "-id")[:MOST]
    )
    visible = visible_to(reader, reversed(rows))
    names = dict.fromkeys(rating.instrument for rating in visible)
    forms = [_form(instrument(name), [rating for rating in visible if rating.instrument == name]) for name in names]
    return sorted(forms, key=lambda form: (_RANK[form.instrument.kind], form.instrument.id))


_RANK = {"alliance": 0, "session": 1, "outcome": 2}


def _form(found: Instrument, ratings: list[Rating]) -> Form:
    given = [rating for rating in ratings if rating.status == RatingStatus.GIVEN]
    return Form(
        instrument=found,
        courses=tuple(_course(found, name, given) for name in shown_scores(found)),
        waiting=tuple(rating for rating in ratings if not is_decided(rating)),
        given=tuple(given),
        declined=sum(rating.status == RatingStatus.DECLINED for rating in ratings),
    )


def shown_scores(found: Instrument) -> tuple[str, ...]:
    """The scores that get a picture: the total, or every index of a form without one (not a lone item)."""
    names = [rule.name for rule in found.rules if not rule.of]
    if "total" in names:
        return ("total",)
    return tuple(rule.name for rule in found.rules if len(rule.items) > 1)


def _course(found: Instrument, score: str, given: list[Rating]) -> Course:
    low, high = (float(end) for end in found.score_range(score))
    points = {rater: tuple(_points(rater, score, low, high, given)) for rater in RATERS}
    return Course(
        instrument=found,
        score=score,
        low=low,
        high=high,
        points={rater: line for rater, line in points.items() if line},
    )


def _points(rater: str, score: str, low: float, high: float, given: list[Rating]) -> Iterable[Point]:
    earlier: list[float] = []
    for rating in given:
        value = (rating.scores or {}).get("scores", {}).get(score)
        if rating.rater != rater or value is None:
            continue
        yield Point(
            rating=rating.pk,
            rater=rater,
            number=rating.appointment.number if rating.appointment else None,
            at=rating.decided_at or rating.asked_at,
            value=float(value),
            prorated=len(rating.scores["missing"]) if score in rating.scores["prorated"] else 0,
            usual=usual_range(earlier, low=low, high=high),
        )
        earlier.append(float(value))
