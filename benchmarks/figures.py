"""A figure: what was measured, against what, and how far it is from what it must hold and what it aims at.

A benchmark says one of three things, each printed as one line and kept for the table:

    rate("sends", product=…, bare=…, hold=0.5, aim=0.6)      more is better; both measured in this run
    delay("chat-paced", product=…, bare=…, hold=3, aim=2)    less is better; both measured in this run
    limit("tick-idle", product=…, hold=20, unit="ms")        less is better, nothing to compare with

`zero` names counts that must be nothing (lost, doubled): anything else is a failure, however fast it was.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from benchmarks.numerals import number


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    product: float
    hold: float
    unit: str
    bare: float | None = None
    aim: float | None = None
    more_is_better: bool = False
    zero: dict[str, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """What is held against `hold` and `aim`: the ratio, or the product's own number without a bare side."""
        return self.product if self.bare is None else self.product / self.bare

    @property
    def holds(self) -> bool:
        """Whether it is good enough, with nothing lost on the way."""
        return self.reaches(self.hold) and not any(self.zero.values())

    def reaches(self, target: float) -> bool:
        """Whether the value is as good as this target or better."""
        return self.value >= target if self.more_is_better else self.value <= target

    @property
    def distance(self) -> float:
        """By which share it is better (or, below zero, worse) than the aim, or than `hold` where there is no aim."""
        target = self.aim or self.hold
        return self.value / target - 1 if self.more_is_better else 1 - self.value / target

    @property
    def verdict(self) -> str:
        """`aim`, `hold`, `below`, or what was lost."""
        lost = [f"{key} {count}" for key, count in self.zero.items() if count]
        if lost:
            return ", ".join(lost)
        return "below" if not self.holds else "aim" if self.reaches(self.aim or self.hold) else "hold"

    def line(self) -> str:
        """The figure in one line."""
        sides = [f"product={number(self.product)}{self.unit}"]
        if self.bare is not None:
            sides = [f"ratio={self.value:.2f}", *sides, f"bare={number(self.bare)}{self.unit}"]
        targets = [f"hold={self.hold:g}", *([f"aim={self.aim:g}"] if self.aim else []), f"verdict={self.verdict}"]
        more = [f"{key}={value}" for key, value in {**self.zero, **self.notes}.items()]
        return f"{self.name}: {' '.join([*sides, *targets, *more])}"

    def as_json(self) -> dict[str, object]:
        """Everything, for a file."""
        return {**asdict(self), "value": self.value, "distance": self.distance, "verdict": self.verdict}


SEEN: list[Figure] = []
"""What this process measured."""


def rate(
    name: str,
    *,
    product: float,
    bare: float,
    hold: float,
    aim: float | None = None,
    unit: str = "/s",
    zero: Mapping[str, int] | None = None,
    **notes: object,
) -> None:
    """Say how many a second both sides did."""
    _say(Figure(name, product, hold, unit, bare, aim, True, dict(zero or {}), _words(notes)))


def delay(
    name: str,
    *,
    product: float,
    bare: float,
    hold: float,
    aim: float | None = None,
    unit: str = "ms",
    zero: Mapping[str, int] | None = None,
    **notes: object,
) -> None:
    """Say how long (or how large) both sides were."""
    _say(Figure(name, product, hold, unit, bare, aim, False, dict(zero or {}), _words(notes)))


def limit(
    name: str,
    *,
    product: float,
    hold: float,
    aim: float | None = None,
    unit: str = "ms",
    zero: Mapping[str, int] | None = None,
    **notes: object,
) -> None:
    """Say how long (or how large) the product was, where nothing bare can be put beside it."""
    _say(Figure(name, product, hold, unit, None, aim, False, dict(zero or {}), _words(notes)))


def _words(notes: Mapping[str, object]) -> dict[str, str]:
    return {key: number(value) if isinstance(value, int | float) else str(value) for key, value in notes.items()}


def _say(figure: Figure) -> None:
    SEEN.append(figure)
    print(figure.line(), flush=True)
