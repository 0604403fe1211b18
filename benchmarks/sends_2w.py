"""`sends-2w`: two workers draining what is due, against one, each a process apart, taking turns on the same table."""

import psycopg2

from benchmarks._due import Drainers, let_go, lost_and_doubled, tidy
from benchmarks.figures import rate
from benchmarks.ground import own_database
from tests.factories.due_sends import PEOPLE, execute, fill

ROWS, ROUNDS = 400_000, 2
QUICK = {"rows": 50_000}
SHORT = {"rows": 200_000}


def run(*, rows: int = ROWS) -> None:
    """Measure, print, and show that nothing was lost or doubled."""
    with own_database() as url:
        link = psycopg2.connect(url)
        execute(link, PEOPLE)
        part, filled = max(rows // ROUNDS, 1), 0
        seconds, sent = {1: 0.0, 2: 0.0}, {1: 0, 2: 0}
        drainers = Drainers(2)
        for _round in range(ROUNDS):
            for workers in (1, 2):
                fill(link, first=filled + 1, last=filled + part)
                filled += part
                tidy(link)
                done, took = drainers.drain(workers)
                sent[workers], seconds[workers] = sent[workers] + done, seconds[workers] + took
        drainers.end()
        rate(
            "sends-2w", product=sent[2] / seconds[2], bare=sent[1] / seconds[1], hold=1.4,
            zero=lost_and_doubled(link, filled), rows=filled,
        )  # fmt: skip
        link.close()
        let_go()
