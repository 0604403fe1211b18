"""How often the rupture rule fires for people who do not change, and how many true drops it catches.

Pure simulation, seeded: 20 ratings a person, spread half of the norm's SD. One line a rule. The last rating of a second
run lies 1.5 norm SDs lower for everybody: "caught" is the share at which the rule then fires.
"""

import random

from alliance.signals.rupture import MARKED, MODERATE, rupture

PEOPLE, RATINGS, NORM, DROP = 2_000, 20, 1.0, 1.5
QUICK = {"rows": 100}
SEED = 2026
RULES = (
    ("moderate with a norm", NORM, (MODERATE, MARKED)),
    ("marked with a norm", NORM, (MARKED,)),
    ("moderate without a norm", None, (MODERATE, MARKED)),
    ("marked without a norm", None, (MARKED,)),
)


def run(*, rows: int = PEOPLE, seed: int = SEED) -> None:
    """Simulate and print. `rows` is how many people."""
    for name, norm, levels in RULES:
        of_ratings, of_people, caught = measure(norm, levels, people=rows, seed=seed)
        alarms = f"{of_ratings:.1%} of ratings, {of_people:.0%} of people once"
        print(f"signals: {name}: {alarms}, {caught:.0%} of drops caught")


def measure(norm: float | None, levels: tuple[str, ...], *, people: int, seed: int) -> tuple[float, float, float]:
    """False alarms of ratings and of people, and the share of true drops caught."""
    chance = random.Random(seed)
    fired = judged = once = caught = 0
    for _ in range(people):
        scores = [chance.gauss(5.5, NORM / 2) for _ in range(RATINGS)]
        hits = [_fires(scores[:at], scores[at], norm, levels) for at in range(3, RATINGS)]
        fired, judged, once = fired + sum(hits), judged + len(hits), once + any(hits)
        caught += _fires(scores[:-1], scores[-1] - DROP * NORM, norm, levels)
    return fired / judged, once / people, caught / people


def _fires(earlier: list[float], newest: float, norm: float | None, levels: tuple[str, ...]) -> bool:
    verdict = rupture(earlier, newest, low=1, high=7, norm_sd=norm)
    return verdict is not None and verdict.level in levels
