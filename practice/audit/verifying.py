"""Walks every chain and says what doesn't fit. Constant memory; one statement reads all links beside their events.

What it can find: a changed, missing, added or reordered event or link, a cut-off end, an event slipped in below the
horizon. What it can't: a trail that somebody with the whole database wrote anew from the first link to the heads. For
that keep heads elsewhere (`Report.heads`), or give the chains a key that the database doesn't have (`AUDIT_KEYS`).
"""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from practice.audit.canonical import COLUMNS, NOTHING, link
from practice.audit.sealing import seal_lag

CHUNK: Final = 5_000
TOLD: Final = 20  # findings in full; the rest is counted
LINKS: Final = f"""
SELECT s.chain, s.seq, s.previous, s.hash, s.key, s.event_id, {COLUMNS}
FROM practice_auditseal s LEFT JOIN practice_auditevent e ON e.id = s.event_id ORDER BY s.chain, s.seq
"""  # noqa: S608 - column names of ours
SLIPPED: Final = """
SELECT e.id, coalesce(e.practice_id, 0) FROM practice_auditevent e LEFT JOIN practice_auditseal s ON s.event_id = e.id
WHERE s.event_id IS NULL AND e.transaction_no < (SELECT horizon FROM practice_auditmark WHERE id = 1 AND identity =
  (SELECT system_identifier::text FROM pg_control_system()) || ':' ||
  (SELECT oid::text FROM pg_database WHERE datname = current_database()))
ORDER BY e.id
"""

Heads = dict[int, tuple[int, str]]


@dataclass(frozen=True)
class Finding:
    """One place where a chain doesn't hold."""

    chain: int
    seq: int
    event: int | None
    what: str

    def __str__(self) -> str:
        row = f", event {self.event}" if self.event else ""
        return f"chain {self.chain}, link {self.seq}{row}: {self.what}"


@dataclass
class Report:
    """What was found."""

    links: int = 0
    unkeyed: int = 0
    heads: Heads = field(default_factory=dict)
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)
    unsealed: int = 0
    unsealed_seconds: float = 0.0
    seconds: float = 0.0

    def find(self, chain: int, seq: int, event: int | None, what: str) -> None:
        """Add a finding."""
        self.broken += 1
        if len(self.findings) < TOLD:
            self.findings.append(Finding(chain, seq, event, what))


@dataclass
class Walk:
    """Where the walk along one chain is."""

    chain: int
    seq: int = 0
    hash: bytes = NOTHING
    keyed: bool = False


def verify(*, now: datetime, kept: Mapping[int, tuple[int, str]] | None = None) -> Report:
    """Return a report on all chains. Writes nothing.

    They are compared with the stored heads, and with `kept` ones (chain to length and hash in hex), if any.
    """
    began = time.monotonic()
    report, before = Report(), _stored_heads()
    wanted = [before, *([dict(kept)] if kept else [])]
    passed: list[Heads] = [{} for _ in wanted]
    walk: Walk | None = None
    places: set[int] = set()  # of the chain's heads
    keys = dict(settings.AUDIT_KEYS)
    for row in _links():
        if walk is None or row[0] != walk.chain:
            _end(report, walk)
            walk = Walk(row[0])
            places = {heads[walk.chain][0] for heads in wanted if walk.chain in heads}
        _step(report, walk, row, keys)
        if walk.seq in places:
            for heads, seen in zip(wanted, passed, strict=True):
                if walk.chain in heads and heads[walk.chain][0] == walk.seq:
                    seen[walk.chain] = (walk.seq, walk.hash.hex())
    _end(report, walk)
    for heads, seen, whose in zip(wanted, passed, ("stored", "kept"), strict=False):
        _compare(report, heads, seen, whose)
    _beyond(report)
    for event, chain in _rows(SLIPPED):
        report.find(chain, 0, event, "the event was added behind the sealer's back")
    lag = seal_lag(now=now)
    report.unsealed, report.unsealed_seconds = lag.unsealed, lag.seconds
    report.seconds = time.monotonic() - began
    return report


def _step(report: Report, walk: Walk, row: tuple[Any, ...], keys: Mapping[str, bytes]) -> None:
    """Check one link and go on from what it says of itself, so that one broken link is told once."""
    _chain, seq, previous, found, key, event_id = row[:6]
    said = bytes(found)
    report.links += 1
    if seq != walk.seq + 1:
        report.find(walk.chain, seq, event_id, f"{seq - walk.seq - 1} links are missing before it")
    elif bytes(previous) != walk.hash:
        report.find(walk.chain, seq, event_id, "it doesn't follow the link before it")
    elif row[6] is None:
        report.find(walk.chain, seq, event_id, "its event is gone")
    elif key and key not in keys:
        report.find(walk.chain, seq, event_id, f"can't be checked: AUDIT_KEYS has no key {key!r}")
    elif walk.keyed and not key:
        report.find(walk.chain, seq, event_id, "it has no key, but links before it have")
    elif said != link(chain=walk.chain, seq=seq, previous=walk.hash, event=row[6:], key_id=key, keys=keys):
        report.find(walk.chain, seq, event_id, "the event or its seal was changed")
    report.unkeyed += not key
    walk.seq, walk.hash, walk.keyed = seq, said, walk.keyed or bool(key)


def _end(report: Report, walk: Walk | None) -> None:
    if walk is not None:
        report.heads[walk.chain] = (walk.seq, walk.hash.hex())


def _compare(report: Report, heads: Mapping[int, tuple[int, str]], seen: Heads, whose: str) -> None:
    """Each head must have been passed on the way, with the same hash."""
    for chain, (seq, digest) in sorted(heads.items()):
        if seq == 0:
            continue
        length = report.heads.get(chain, (0, ""))[0]
        if length < seq:
            report.find(
                chain, length, None, f"the end is cut off: {seq - length} links less than the {whose} head says"
            )
        elif seen.get(chain) != (seq, digest):
            report.find(chain, seq, None, f"not what the {whose} head says: the chain was written anew")


def _beyond(report: Report) -> None:
    """No chain may be longer than its head, as it stands by now."""
    after = _stored_heads()
    for chain, (seq, _digest) in sorted(report.heads.items()):
        stored = after.get(chain, (0, ""))[0]
        if seq > stored:
            report.find(chain, seq, None, f"{seq - stored} links beyond the stored head")


def _stored_heads() -> Heads:
    return {
        chain: (seq, bytes(digest).hex())
        for chain, seq, digest in _rows("SELECT chain, seq, hash FROM practice_auditchain")
    }


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _links() -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as setting, connection.chunked_cursor() as cursor:
        setting.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(LINKS)
        with ThreadPoolExecutor(1, "audit-links") as ahead:  # the database reads on while we hash
            coming = ahead.submit(cursor.fetchmany, CHUNK)
            while rows := coming.result():
                coming = ahead.submit(cursor.fetchmany, CHUNK)
                yield from rows
