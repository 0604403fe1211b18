"""The rupture signal: has the newest rating of the alliance fallen out of this person's own course? Pure.

For one client, one instrument, one rater. With the instrument's normative SD `S`: moderate when the fall below the
mean of the earlier scores is at least 1 · max(s, S), marked at 2 · max(s, S) (thresholds after Gumz et al. 2012).
Without it: moderate when it reaches t(.95, n − 1) · s · √(1 + 1/n), marked with t(.99). Windows, the least number of
earlier scores and the floor under `s` are this project's own choice, and the page says so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from alliance.signals.student import quantile

KEY = "rupture"
MODERATE, MARKED = "moderate", "marked"
LEAST_EARLIER = 3
FLOOR_SHARE = 0.05
USUAL, RARE = 0.95, 0.99
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Course:
    """What the earlier scores say: how many, their mean and their spread (never under the floor)."""

    n: int
    mean: float
    spread: float

    def reach(self, probability: float) -> float:
        """How far below or above the mean a new score may lie by chance: t · s · √(1 + 1/n)."""
        return quantile(probability, self.n - 1) * self.spread * math.sqrt(1 + 1 / self.n)


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Where nine of ten new ratings of a person who does not change would fall."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rupture:
    """The verdict on one score, with every number that its sentence needs.

    `level` is empty when nothing is unusual; `moderate_below` and `marked_below` are the limits: at or under them.
    """

    level: str
    score: float
    earlier: int
    mean: float
    spread: float
    norm_sd: float | None
    fall: float
    moderate_below: float
    marked_below: float

    def parameters(self) -> dict[str, float | int | str | None]:
        """The numbers of the rule's sentence, rounded for reading and for keeping with the signal."""
        return {
            "level": self.level,
            "score": round(self.score, 2),
            "earlier": self.earlier,
            "mean": round(self.mean, 2),
            "spread": round(self.spread, 2),
            "norm_sd": self.norm_sd,
            "fall": round(self.fall, 2),
            "moderate_below": round(self.moderate_below, 2),
            "marked_below": round(self.marked_below, 2),
        }


def course(earlier: Sequence[float], *, low: float, high: float) -> Course | None:
    """Mean and sample SD (n − 1) of the earlier scores, or None while there are fewer than three.

    The spread is at least 5 % of the range low…high, so that a person who always gives the same mark
    is not alarmed about by a single step.
    """
    n = len(earlier)
    if n < LEAST_EARLIER:
        return None
    mean = math.fsum(earlier) / n
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in earlier) / (n - 1))
    return Course(n=n, mean=mean, spread=max(spread, FLOOR_SHARE * (high - low)))


def usual_range(earlier: Sequence[float], *, low: float, high: float) -> UsualRange | None:
    """The person's usual range m ± t(.95, n − 1) · s · √(1 + 1/n), or None while there are fewer than three.

    Not cut to the scale: the picture does that.
    """
    known = course(earlier, low=low, high=high)
    if known is None:
        return None
    return UsualRange(low=known.mean - known.reach(USUAL), high=known.mean + known.reach(USUAL))


def rupture(
    earlier: Sequence[float], newest: float, *, low: float, high: float, norm_sd: float | None = None
) -> Rupture | None:
    """The verdict on the newest score against the earlier ones, or None while there are fewer than three."""
    known = course(earlier, low=low, high=high)
    if known is None:
        return None
    if norm_sd is None:
        moderate, marked = known.reach(USUAL), known.reach(RARE)
    else:
        moderate = max(known.spread, norm_sd)
        marked = 2 * moderate
    fall = known.mean - newest
    return Rupture(
        level=_level(fall, moderate, marked),
        score=newest,
        earlier=known.n,
        mean=known.mean,
        spread=known.spread,
        norm_sd=norm_sd,
        fall=fall,
        moderate_below=known.mean - moderate,
        marked_below=known.mean - marked,
    )


def _level(fall: float, moderate: float, marked: float) -> str:
    if fall >= marked - _SLACK:
        return MARKED
    return MODERATE if fall >= moderate - _SLACK else ""
