"""Together with the previous step: at the time of its first occurrence."""

from collections.abc import Iterable
from dataclasses import dataclass

from homework.timings.timing_kind import Fields, Moment, Timing, View, Waiting


@dataclass(frozen=True, slots=True)
class WithPrevious(Timing):
    """Sent at the same moment as the previous step; waits for what that waits for."""

    kind = "with_previous"

    @classmethod
    def parse(cls, raw: Fields) -> "WithPrevious":
        """Has no fields."""
        return cls()

    def follows_previous(self) -> bool:
        """Always."""
        return True

    def moments(self, view: View) -> Iterable[Moment] | Waiting:
        """One occurrence."""
        previous = view.previous_departure()
        if isinstance(previous, Waiting):
            return Waiting(view.step, previous.waits_for)
        return [previous] if previous else []
