"""The sealer: chains committed rows afterwards, so that a request only ever inserts a plain row.

One batch, one transaction:

1. Lock the mark. Another sealer has it: nothing to do, it does it. The snapshot of this moment gives the horizon:
   every transaction below `pg_snapshot_xmin` is over, so its rows are visible from now on.
2. Read what has no seal yet, in the order of its transaction, from the mark's horizon on. A row that commits late has a
   number at or above every horizon there was meanwhile: it is found whenever it comes.
3. Lock the heads of their chains, hash link after link, insert the seals, move the heads.
4. When nothing is left, the mark's horizon rises to the one of step 1.

Killed anywhere, the batch is undone and the next tick does it again. In a restored copy transaction numbers mean
nothing: another database identity lets one drain look at every row.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from practice.audit.canonical import COLUMNS, NOTHING, link

BATCH: Final = 5_000
NO_END: Final = 2**63 - 1
LOOK: Final = """
SELECT m.identity, m.horizon,
  (SELECT system_identifier::text FROM pg_control_system()) || ':' ||
  (SELECT oid::text FROM pg_database WHERE datname = current_database()),
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
FROM practice_auditmark m WHERE m.id = 1 FOR NO KEY UPDATE SKIP LOCKED
"""
WAITING: Final = f"""
SELECT e.transaction_no, {COLUMNS}
FROM practice_auditevent e LEFT JOIN practice_auditseal s ON s.event_id = e.id
WHERE s.event_id IS NULL AND (e.transaction_no, e.id) > (%(number)s, %(event)s) AND e.transaction_no < %(end)s
ORDER BY e.transaction_no, e.id LIMIT %(limit)s
"""  # noqa: S608 - column names of ours
HEADS: Final = "SELECT chain, seq, hash FROM practice_auditchain WHERE chain = ANY(%s) ORDER BY chain FOR NO KEY UPDATE"
KEEP: Final = """
INSERT INTO practice_auditseal (event_id, chain, seq, previous, hash, key)
SELECT *, %(key)s FROM unnest(%(events)s::bigint[], %(chains)s::bigint[], %(seqs)s::bigint[], %(previous)s::bytea[],
  %(hashes)s::bytea[])
"""
RISE: Final = """
UPDATE practice_auditmark SET identity = %(identity)s, horizon = %(horizon)s, complete_at = statement_timestamp()
WHERE id = 1
"""
LAG: Final = """
SELECT count(e.id), min(e.at), (SELECT complete_at FROM practice_auditmark WHERE id = 1)
FROM practice_auditevent e LEFT JOIN practice_auditseal s ON s.event_id = e.id
WHERE s.event_id IS NULL
  AND e.transaction_no >= coalesce((SELECT horizon FROM practice_auditmark WHERE id = 1), 0)
"""


@dataclass(frozen=True)
class Link:
    """One seal, as it will be kept."""

    event: int
    chain: int
    seq: int
    previous: bytes
    hash: bytes


@dataclass
class Place:
    """Where a drain is: which database and horizon it goes by, and the last row that it read."""

    identity: str
    horizon: int
    end: int
    number: int
    event: int = NO_END


@dataclass(frozen=True)
class SealLag:
    """How many rows have no seal yet, and for how long at most they have been waiting for one."""

    unsealed: int
    seconds: float


def seal(*, seconds: float | None = 20.0, batch: int = BATCH) -> int:
    """Return how many rows were sealed. Loops until nothing is left or the time is over. May be called at any time."""
    sealed, place, began = 0, None, time.monotonic()
    while True:
        with transaction.atomic():
            place, count = _batch(place, batch)
        sealed += count
        if count < batch or (seconds is not None and time.monotonic() - began > seconds):
            return sealed


def seal_lag(*, now: datetime) -> SealLag:
    """Return what still waits for its seal. One query. The sealer ticks twice a minute; minutes mean that it doesn't.

    The age counts from when all was sealed last, not from what a row says of itself: a demo writes rows of long ago.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAG)
        unsealed, oldest, complete_at = cursor.fetchone()
    since = complete_at or oldest
    return SealLag(unsealed, max((now - since).total_seconds(), 0.0) if unsealed else 0.0)


def _batch(place: Place | None, limit: int) -> tuple[Place | None, int]:
    """Seal one batch from `place` on; the place after it, and how many. (None, 0) while another sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO practice_auditmark (id, identity, horizon) VALUES (1, '', 0) ON CONFLICT DO NOTHING"
        )
        cursor.execute(LOOK)
        found = cursor.fetchone()
        if found is None:
            return None, 0
        here = _place(*found)
        start = place or here
        wanted = {"number": start.number, "event": start.event, "end": here.end, "limit": limit}
        cursor.execute(WAITING, wanted)
        rows = cursor.fetchall()
        _keep(cursor, rows)
        if len(rows) < limit:
            # the horizon of the drain's beginning: what a transaction of that time commits later is still above it
            cursor.execute(RISE, {"identity": here.identity, "horizon": start.horizon})
            return None, len(rows)
    return Place(start.identity, start.horizon, here.end, rows[-1][0], rows[-1][1]), len(rows)


def _place(known: str, horizon: int, identity: str, xmin: int, xmax: int) -> Place:
    if known != identity:
        return Place(identity, xmin, NO_END, -1)
    return Place(identity, xmin, xmax, horizon - 1)


def _keep(cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    """Chain these events, each to the end of its practice's chain."""
    by_chain: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        by_chain[row[2] or 0].append(row[1:])
    if not by_chain:
        return
    chains = list(by_chain)
    cursor.execute(
        "INSERT INTO practice_auditchain (chain, seq, hash) SELECT c, 0, ''::bytea FROM unnest(%s::bigint[]) c "
        "ON CONFLICT DO NOTHING",
        [chains],
    )
    cursor.execute(HEADS, [chains])
    heads = {chain: (seq, bytes(last)) for chain, seq, last in cursor.fetchall()}
    key = next(iter(settings.AUDIT_KEYS), "")
    links: list[Link] = []
    for chain, events in by_chain.items():
        links += _links(chain, *heads[chain], events, key)
        cursor.execute(
            "UPDATE practice_auditchain SET seq = %s, hash = %s WHERE chain = %s",
            [links[-1].seq, links[-1].hash, chain],
        )
    cursor.execute(
        KEEP,
        {
            "key": key,
            "events": [made.event for made in links],
            "chains": [made.chain for made in links],
            "seqs": [made.seq for made in links],
            "previous": [made.previous for made in links],
            "hashes": [made.hash for made in links],
        },
    )


def _links(chain: int, seq: int, last: bytes, events: list[Sequence[Any]], key: str) -> list[Link]:
    made, previous = [], last or NOTHING
    for event in events:
        seq += 1
        found = link(chain=chain, seq=seq, previous=previous, event=event, key_id=key, keys=settings.AUDIT_KEYS)
        made.append(Link(event[0], chain, seq, previous, found))
        previous = found
    return made
