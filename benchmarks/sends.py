"""`sends`: draining what is due, with one notification a row, against the bare claim on the same table and indexes.

Bare and product take turns, a fifth of the rows each, so that the table ages alike under both.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks.ground import figure, own_database

BARE = (Path(__file__).parent / "bare" / "sends.sql").read_text()
ROWS, ROUNDS, USERS = 1_000_000, 5, 10_000
HOLD = 0.5
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

PEOPLE = f"""
INSERT INTO practice_practice (id, name, country, zone, language, phone, settings, is_demo, created_at)
VALUES (1, 'Bench', 'DE', 'Europe/Berlin', 'en', '', '{{}}', false, now());
INSERT INTO practice_user (id, password, is_superuser, email, name, zone, language, is_active, created_at)
SELECT n, '!', false, 'u' || n || '@bench.example', 'U', 'Europe/Berlin', 'en', true, now()
FROM generate_series(1, {USERS}) n;
INSERT INTO practice_userchannel (user_id, kind, channel) SELECT n, 0, 2 FROM generate_series(1, {USERS}) n;
"""
FILL = """
SET LOCAL session_replication_role = replica;
INSERT INTO homework_assignment (practice_id, client_id, recipient_id, rater, enrolment_id, step, occurrence, plan_rev,
  activity_version_id, local_at, tz, send_at, status)
SELECT 1, n %% %(users)s + 1, n %% %(users)s + 1, 'client', n, 'step', 1, 1, 1, now()::timestamp, 'Europe/Berlin',
  now() - interval '10 minutes' + n %% 600 * interval '1 ms', 2
FROM generate_series(%(first)s, %(last)s) n;
"""


def run(*, rows: int | None) -> None:
    """Measure, print, and show that nothing was lost or doubled."""
    rows = rows or ROWS
    with own_database() as url:
        from homework.domain.sending import drain

        link = psycopg2.connect(url)
        _execute(link, PEOPLE)
        part, filled = max(rows // ROUNDS, 1), 0
        seconds = {"bare": 0.0, "product": 0.0}
        sent = {"bare": 0, "product": 0}
        drain(seconds=None)  # binds the lane
        for _round in range(ROUNDS):
            for side in ("bare", "product"):
                _execute(link, FILL, {"users": USERS, "first": filled + 1, "last": filled + part})
                filled += part
                _tidy(link)
                began = time.monotonic()
                sent[side] += _bare(link) if side == "bare" else drain(seconds=None).sent
                seconds[side] += time.monotonic() - began
        lost, doubled = _check(link, sent["product"])
        figure(
            "sends", product=sent["product"] / seconds["product"], bare=sent["bare"] / seconds["bare"], hold=HOLD,
            rows=sent["product"], lost=lost, doubled=doubled,
        )  # fmt: skip
        link.close()
        _close()


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


def _check(link: Any, sent: int) -> tuple[int, int]:
    """What the product lost (due and not sent, or sent without its notification) and doubled."""
    with link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM homework_assignment WHERE status = 2")
        (left,) = cursor.fetchone()
        cursor.execute("SELECT count(*), count(DISTINCT subject_id) FROM practice_notification WHERE channel = 2")
        told, distinct = cursor.fetchone()
    link.commit()
    return left + max(sent - distinct, 0), told - distinct


def _execute(link: Any, statement: str, params: dict[str, int] | None = None) -> None:
    with link.cursor() as cursor:
        cursor.execute(statement, params)
    link.commit()


def _tidy(link: Any) -> None:
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE homework_assignment")
        cursor.execute("CHECKPOINT")
    link.autocommit = False


def _close() -> None:
    from django.db import connection

    connection.close()
