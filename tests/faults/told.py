"""What a fault did, in one line: printed by the test, and gathered at the end of the run."""

import os
import random
from dataclasses import dataclass

import pytest

PROPERTY = "fault"
REPEATED = "FAULT_SEED"


@dataclass(frozen=True)
class Told:
    """Figures of one injected fault. `extra` counts additional copies at a provider; what was not measured is None."""

    fault: str
    seed: int | None = None
    lost: int | None = None
    doubled: int | None = None
    late: int | None = None
    recovery: float | None = None
    more: str = ""

    def __str__(self) -> str:
        parts = [f"fault {self.fault}"]
        counted = {"seed": self.seed, "lost": self.lost, "doubled": self.doubled, "late": self.late}
        parts += [f"{word} {'–' if value is None else value}" for word, value in counted.items()]
        parts += [f"recovery {'–' if self.recovery is None else f'{self.recovery:.1f} s'}"]
        return " · ".join([*parts, *([self.more] if self.more else [])])


def tell(request: pytest.FixtureRequest, told: Told) -> Told:
    """Print the line and keep it for the end of the run; returns it, so that a test can assert on it."""
    print(told)
    request.node.user_properties.append((PROPERTY, str(told)))
    return told


def seed_of(request: pytest.FixtureRequest) -> int:
    """Return the test's seed: always the same in an ordinary run, a new one in a long one; `FAULT_SEED` repeats one."""
    searches = request.node.get_closest_marker("long") is not None
    seed = int(os.environ.get(REPEATED) or (random.randrange(10**6) if searches else 20))
    print(f"seed {seed}")
    return seed


def lines(reports: list[pytest.TestReport]) -> list[str]:
    """Return every line that the run's tests told, in the order of the faults."""
    found = [str(value) for report in reports for name, value in report.user_properties if name == PROPERTY]
    return sorted(found, key=lambda line: [int(part) if part.isdigit() else 99 for part in line.split()[1:2]])
