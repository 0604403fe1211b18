"""What `manage.py doctor` looks at. A room registers its own checks in its `contributes.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from practice.contributions.registry import Registry


class State(StrEnum):
    """How well one thing is."""

    OK = "ok"
    WARN = "warn"  # runs, but look at it
    FAIL = "fail"  # something doesn't work, or won't when it is needed


@dataclass(frozen=True)
class Finding:
    """What a check saw: one sentence, and what to do about it. Both are for operators: no names, no content."""

    state: State
    says: str
    do: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def fine(says: str, **facts: Any) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(State.OK, says, facts=facts)


def warn(says: str, do: str, **facts: Any) -> Finding:
    """Return a finding to look at."""
    return Finding(State.WARN, says, do, facts)


def fail(says: str, do: str, **facts: Any) -> Finding:
    """Return a finding of what doesn't work."""
    return Finding(State.FAIL, says, do, facts)


Check = Callable[[], Finding | Sequence[Finding]]
DOCTOR_CHECKS: Registry[Check] = Registry("checks of the doctor")
