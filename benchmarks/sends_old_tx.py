"""`sends-old-tx`: draining while somebody holds an old transaction open, against draining without, taking turns.

The old one is a snapshot from before a round's rows were made: every entry that the drain kills stays in the index.
"""

import time
from typing import Any

import psycopg2

from benchmarks._due import let_go, lost_and_doubled, tidy
from benchmarks.figures import rate
from benchmarks.ground import own_database
from tests.factories.due_sends import PEOPLE, execute, fill

ROWS, ROUNDS = 400_000, 2
QUICK = {"rows": 50_000}
SHORT = {"rows": 200_000}


def run(*, rows: int = ROWS) -> None:
    """Measure, print, and show that nothing was lost or doubled."""
    with own_database() as url:
        from homework.domain.sending import drain

        link, other = psycopg2.connect(url), psycopg2.connect(url)
        execute(link, PEOPLE)
        part, filled = max(rows // ROUNDS, 1), 0
        seconds = {True: 0.0, False: 0.0}
        drain(seconds=None)  # binds the lane
        for _round in range(ROUNDS):
            for old in (False, True):
                if old:
                    _look(other)
                fill(link, first=filled + 1, last=filled + part)
                filled += part
                tidy(link)
                began = time.monotonic()
                drain(seconds=None)
                seconds[old] += time.monotonic() - began
                other.rollback()
        half = part * ROUNDS
        rate(
            "sends-old-tx", product=half / seconds[True], bare=half / seconds[False], hold=0.8,
            zero=lost_and_doubled(link, filled), rows=filled,
        )  # fmt: skip
        link.close()
        other.close()
        let_go()


def _look(other: Any) -> None:
    other.set_session(isolation_level="REPEATABLE READ")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id(), count(*) FROM practice_practice")
