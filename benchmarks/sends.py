"""`sends`: draining what is due, with one notification a row, against the bare claim on the same table and indexes.

Bare and product take turns, a fifth of the rows each, so that the table ages alike under both.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks._due import let_go, lost_and_doubled, tidy
from benchmarks.figures import rate
from benchmarks.ground import own_database
from tests.factories.due_sends import PEOPLE, execute, fill

BARE = (Path(__file__).parent / "bare" / "sends.sql").read_text()
ROWS, ROUNDS = 1_000_000, 5
QUICK = {"rows": 50_000}
SHORT = {"rows": 300_000}
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def run(*, rows: int = ROWS) -> None:
    """Measure, print, and show that nothing was lost or doubled."""
    with own_database() as url:
        from homework.domain.sending import drain

        link = psycopg2.connect(url)
        execute(link, PEOPLE)
        part, filled = max(rows // ROUNDS, 1), 0
        seconds = {"bare": 0.0, "product": 0.0}
        sent = {"bare": 0, "product": 0}
        drain(seconds=None)  # binds the lane
        for _round in range(ROUNDS):
            for side in ("bare", "product"):
                fill(link, first=filled + 1, last=filled + part)
                filled += part
                tidy(link)
                began = time.monotonic()
                sent[side] += _bare(link) if side == "bare" else drain(seconds=None).sent
                seconds[side] += time.monotonic() - began
        rate(
            "sends", product=sent["product"] / seconds["product"], bare=sent["bare"] / seconds["bare"],
            hold=0.5, aim=0.6, zero=lost_and_doubled(link, sent["product"]), rows=sent["product"],
        )  # fmt: skip
        link.close()
        let_go()


def _bare(link: Any) -> int:
    sent, watermark = 0, BEGINNING
    with link.cursor() as cursor:
        while True:
            cursor.execute(BARE, {"watermark": watermark})
            count, last = cursor.fetchone()
            link.commit()
            if not count:
                return sent
            sent, watermark = sent + count, last
