"""`tick-idle`: a tick that finds nothing due, beside five million rows of the future and after a million sends.

The value is the median of a hundred ticks, mark and state file included; the slowest twentieth is said beside it.
"""

import statistics
import time

import psycopg2

from benchmarks._due import let_go, lost_and_doubled
from benchmarks.figures import limit
from benchmarks.ground import own_database
from benchmarks.numerals import percentile
from tests.factories.due_sends import FILL, PEOPLE, execute, fill

ROWS, FUTURE, PART, TICKS = 1_000_000, 5, 250_000, 100
QUICK = {"rows": 20_000}
SHORT = {"rows": 200_000}
AHEAD = FILL.replace("now() - interval '10 minutes'", "now() + interval '1 hour'")


def run(*, rows: int = ROWS) -> None:
    """Send `rows` beside five times as many of the future, then measure ticks."""
    with own_database() as url:
        from homework.domain.sending import drain

        link = psycopg2.connect(url)
        execute(link, PEOPLE)
        for first in range(rows + 1, (FUTURE + 1) * rows + 1, PART):
            execute(link, AHEAD, {"first": first, "last": min(first + PART - 1, (FUTURE + 1) * rows)})
        fill(link, first=1, last=rows)
        sent = drain(seconds=None).sent
        took = []
        for _tick in range(TICKS):
            began = time.monotonic()
            drain()
            took.append((time.monotonic() - began) * 1000)
        zero = lost_and_doubled(link, sent)
        zero["lost"] -= FUTURE * rows  # these wait rightly
        limit(
            "tick-idle", product=statistics.median(took), hold=20, zero=zero,
            p95=f"{percentile(took, 0.95):.1f}ms", first=f"{took[0]:.1f}ms", future=FUTURE * rows, sent=sent,
        )  # fmt: skip
        link.close()
        let_go()
