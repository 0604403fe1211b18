"""The breaker of a provider, in its lane's row: after five failures in a row nothing is tried for a minute.

Then one row is tried: its failure opens the breaker again at once, its success closes it (in the statement that writes
the try down). A refusal of a single address
shows that the provider lives, and doesn't count. The five have no time limit: a silent server takes ten seconds each.
"""

from datetime import datetime, timedelta
from typing import Final

from practice.notifications.models import EngineLane

FAILURES: Final = 5
OPEN: Final = timedelta(seconds=60)


def is_open(open_until: datetime | None, now: datetime) -> bool:
    """Whether the provider is left alone now. Never for longer than a minute, if the clock was set back meanwhile."""
    return open_until is not None and now < open_until <= now + OPEN


def note_failure(lane: str, now: datetime) -> bool:
    """Count a failure, in the caller's transaction; returns whether the breaker is open now."""
    row = EngineLane.objects.select_for_update().get(name=lane)
    row.failures += 1
    opens = row.open_until is not None or row.failures >= FAILURES
    if opens:
        row.failures, row.open_until = 0, now + OPEN
    row.save(update_fields=["failures", "open_until"])
    return opens
