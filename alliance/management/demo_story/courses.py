"""How each person fares: numbers for the forms, the same on every telling.

A course says, for a session or a mood check and how far along the person is, what they would answer.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Course:
    """Mood runs from `mood[0]` to `mood[1]` of 27; the check-in from `work[0]` to `work[1]` of 10.

    `doing` is how often a person finishes what they were sent; `quiet_after` the share of the way after which they
    stop; `fall` between how many and how many days before today the work together is worse by `depth`.
    """

    mood: tuple[int, int]
    work: tuple[float, float]
    doing: float
    quiet_after: float = 2.0
    fall: tuple[int, int] = (0, 0)
    depth: float = 0.0


COURSES = {
    "thriving": Course(mood=(15, 5), work=(7.4, 9.0), doing=0.95),
    "steady": Course(mood=(12, 9), work=(7.0, 7.6), doing=0.8),
    "slow": Course(mood=(16, 14), work=(6.4, 6.8), doing=0.6),
    "drifting": Course(mood=(13, 12), work=(7.2, 5.8), doing=0.85, quiet_after=0.6),
    "drop": Course(mood=(14, 10), work=(7.9, 8.2), doing=0.9, fall=(7, 0), depth=3.6),
    "mended": Course(mood=(13, 8), work=(7.5, 8.3), doing=0.85, fall=(31, 24), depth=3.2),
    "risk": Course(mood=(14, 19), work=(7.3, 7.8), doing=0.9),
    "new": Course(mood=(14, 14), work=(7.0, 7.0), doing=0.0),
}

EACH_MOOD_ITEM = (1, 2, 3, 4, 6, 7, 5, 8)  # the order in which points are spread; the risk item is never filled up


def check_in(course: Course, along: float, days_left: float, rater: str, chance: Random) -> dict[str, int]:
    """Answers 0-10 to the six sliders of the check-in. Therapists rate a little lower and flatter."""
    middle = course.work[0] + (course.work[1] - course.work[0]) * along
    if rater == "therapist":
        middle = middle * 0.7 + 1.7
    if course.fall[0] > days_left >= course.fall[1]:
        middle -= course.depth * (0.1 if rater == "therapist" else 1.0)
    return {str(n): _kept(round(middle + chance.uniform(-0.7, 0.7)), 0, 10) for n in range(1, 7)}


def session(course: Course, along: float, days_left: float, rater: str, chance: Random) -> dict[str, int]:
    """Answers 1-7 to the 21 pairs of the session form; pairs whose good end is on the left are turned round."""
    warm = check_in(course, along, days_left, rater, chance)
    level = 1 + sum(warm.values()) / 60 * 6
    turned = {3, 5, 7, 9, 11, 12, 14, 17, 18, 20}
    answers = {n: _kept(round(level + chance.uniform(-1, 1)), 1, 7) for n in range(1, 22)}
    return {str(n): 8 - value if n in turned else value for n, value in answers.items()}


def mood(course: Course, along: float, chance: Random, *, risk: int = 0) -> dict[str, int]:
    """Answers 0-3 to the nine items of the mood check, near the course's total. `risk` answers item 9."""
    total = round(course.mood[0] + (course.mood[1] - course.mood[0]) * along + chance.uniform(-1.5, 1.5)) - risk
    answers = dict.fromkeys(range(1, 10), 0)
    answers[9] = risk
    while total > 0 and any(answers[n] < 3 for n in EACH_MOOD_ITEM):
        for number in EACH_MOOD_ITEM:
            if total > 0 and answers[number] < 3:
                answers[number] += 1
                total -= 1
    return {str(number): value for number, value in answers.items()}


def will_do(course: Course, along: float, chance: Random) -> bool:
    """Whether the person finishes what they were sent at this point of their way."""
    return along <= course.quiet_after and chance.random() < course.doing


def _kept(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
