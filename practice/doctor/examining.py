"""Runs the checks one after the other. None can stop the others: one that raises has failed, and says how."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from practice.contributions import DOCTOR_CHECKS, Finding, State
from practice.contributions.checks import fail
from practice.doctor.checks import load_checks

WORST_FIRST = (State.FAIL, State.WARN, State.OK)


@dataclass(frozen=True)
class Seen:
    """One finding under the key of its check."""

    check: str
    finding: Finding

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        found = self.finding
        return {"check": self.check, "state": found.state.value, "says": found.says, "do": found.do, **found.facts}


def examine(only: Collection[str] = ()) -> Iterator[Seen]:
    """Yield every finding as soon as it is made; `only` names the checks to run."""
    load_checks()
    for key, check in DOCTOR_CHECKS.items():
        if only and key not in only:
            continue
        try:
            found = check()
        except DatabaseError as error:
            found = fail(f"couldn't be looked at: {_first_line(error)}", "Mend the database first; see `database`.")
        except Exception as error:  # a check must not hide the others
            found = fail(f"couldn't be looked at: {type(error).__name__}: {_first_line(error)}", "Report this line.")
        for finding in [found] if isinstance(found, Finding) else found:
            yield Seen(key, finding)


def worst(seen: Collection[Seen]) -> State:
    """Return the worst state among the findings."""
    states = {one.finding.state for one in seen}
    return next((state for state in WORST_FIRST if state in states), State.OK)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
