"""Lanes, and the hold that keeps a copied or rolled-back database from sending everything again.

At its first tick a lane is bound to this database (system identifier and oid) and to an instance id in a file under
`STATE_DIR`. Each tick compares:

1. another identity, or no file beside a bound lane: a copy;
2. a lane whose last tick, or a database whose write position, is older than the mark in the file: rolled back.

Either sets `hold` on every lane, and nothing leaves until `manage.py engine release` has said what would.
"""

import json
import os
import tempfile
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from practice.notifications import events
from practice.notifications.models import EngineLane

SENDS, PLANNER = "sends", "planner"
SLACK: Final = timedelta(seconds=2)
BINDING_LOCK: Final = 0x81D5
LOOK: Final = """
SELECT l.hold, l.hold_reason, l.identity, (SELECT max(last_tick_at) FROM practice_enginelane), l.open_until, now(),
  (SELECT system_identifier::text FROM pg_control_system()),
  (SELECT oid::text FROM pg_database WHERE datname = current_database()), pg_current_wal_flush_lsn()::text
FROM (SELECT 1) one LEFT JOIN practice_enginelane l ON l.name = %s
"""
TICKED: Final = """
UPDATE practice_enginelane SET last_tick_at = greatest(last_tick_at, now()), wal_position = %s
WHERE name = %s RETURNING last_tick_at
"""


class OnHold(Exception):
    """Nothing may leave; the message says why."""


@dataclass(frozen=True)
class Mark:
    """What the file remembers of a database."""

    instance: str
    last_tick_at: datetime | None = None
    wal_position: str = ""


@dataclass(frozen=True)
class Seen:
    """A lane as it stands, and the database it was found in."""

    exists: bool
    hold: bool
    reason: str
    identity: str
    last_tick_at: datetime | None  # of any lane: they share one mark
    open_until: datetime | None
    now: datetime
    system: str
    database: str
    wal_position: str


def begin_tick(lane: str) -> Seen:
    """The lane, found sound and marked as ticking. Binds it at its very first tick. Raises OnHold."""
    seen = look(lane)
    if not seen.exists or not seen.identity:
        bind(lane, seen)
        seen = look(lane)
    if not seen.hold:
        mark = _read(seen)
        # another lane may have ticked and left its mark since we looked: what was read after the mark decides
        reason = _fault(seen, mark) and _fault(look(lane), mark)
        if reason:
            hold_all(reason=reason, now=seen.now)
            raise OnHold(reason)
    if seen.hold:
        raise OnHold(seen.reason)
    with connection.cursor() as cursor:
        cursor.execute(TICKED, [seen.wal_position, lane])
        (ticked_at,) = cursor.fetchone()
    _remember(seen, ticked_at)
    return seen


def end_tick(lane: str) -> None:
    """Note that a tick came to its end: a lane that only ever begins keeps nothing up."""
    EngineLane.objects.filter(name=lane).update(last_drained_at=Now())


def look(lane: str) -> Seen:
    """The lane and the database, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [lane])
        hold, reason, identity, ticked, open_until, now, system, database, wal = cursor.fetchone()
    return Seen(
        hold is not None, bool(hold), reason or "", identity or "", ticked, open_until, now, system, database, wal
    )


def bind(lane: str, seen: Seen) -> None:
    """Make the lane this database's and this installation's. A lane bound before keeps its marks.

    One that comes later is what the others are: of their database, be it another than this, and on hold with them.
    One at a time: at the very first start two lanes would otherwise each make an instance of their own, and hold.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BINDING_LOCK])
        identity = EngineLane.objects.filter(identity__gt="").values_list("identity", flat=True).first()
        if identity is None:
            mark = _read(seen) or Mark(instance=uuid.uuid4().hex)
            _write(seen, Mark(mark.instance))
            identity = _identity(seen, mark)
        held = EngineLane.objects.filter(hold=True).values("hold", "hold_reason").first()
        EngineLane.objects.update_or_create(
            name=lane, defaults={"identity": identity}, create_defaults={"identity": identity, **(held or {})}
        )


def is_on_hold() -> bool:
    """Whether any lane is: whatever leaves by none of them waits with them."""
    return EngineLane.objects.filter(hold=True).exists()


def hold_all(*, reason: str, now: datetime) -> None:
    """Hold every lane and say so once."""
    with transaction.atomic():
        changed = EngineLane.objects.filter(hold=False).update(hold=True, hold_reason=reason[:200])
        if changed:
            events.lanes_held.send(sender=EngineLane, reason=reason, now=now)


def release_all() -> None:
    """Bind every lane to this database and let go. The caller has dealt with what was due meanwhile."""
    seen = look(SENDS)
    mark = Mark(instance=uuid.uuid4().hex, last_tick_at=seen.now, wal_position=seen.wal_position)
    with transaction.atomic():
        EngineLane.objects.update(
            hold=False,
            hold_reason="",
            identity=_identity(seen, mark),
            last_tick_at=seen.now,
            wal_position=seen.wal_position,
        )
    _write(seen, mark)


def _fault(seen: Seen, mark: Mark | None) -> str:
    """Why this database isn't the one the lane was bound to, or ''."""
    if mark is None:
        return "no state file of this database: it may be a copy of another's folder"
    if seen.identity != _identity(seen, mark):
        return "this lane was bound to another database: it may be a restored copy"
    if mark.last_tick_at and (seen.last_tick_at is None or seen.last_tick_at < mark.last_tick_at - SLACK):
        return "the database is older than its state file: an earlier state was restored"
    if mark.wal_position and _position(seen.wal_position) < _position(mark.wal_position):
        return "the database's write position went back: an earlier state was restored"
    return ""


def _identity(seen: Seen, mark: Mark) -> str:
    return f"{seen.system}:{seen.database}:{mark.instance}"


def _position(wal: str) -> int:
    high, _, low = wal.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def _file(seen: Seen) -> Path:
    return Path(settings.STATE_DIR) / f"engine-{seen.system}-{seen.database}.json"


def _read(seen: Seen) -> Mark | None:
    try:
        raw: dict[str, Any] = json.loads(_file(seen).read_text())
        ticked = raw.get("last_tick_at")
        return Mark(raw["instance"], datetime.fromisoformat(ticked) if ticked else None, raw.get("wal_position", ""))
    except (OSError, ValueError, KeyError):
        return None


def _remember(seen: Seen, ticked_at: datetime) -> None:
    mark = _read(seen)
    if mark is not None and (mark.last_tick_at is None or mark.last_tick_at < ticked_at):
        _write(seen, Mark(mark.instance, ticked_at, seen.wal_position))


def _write(seen: Seen, mark: Mark) -> None:
    """Replace the file in one step: a reader sees the old one or the new one."""
    file = _file(seen)
    file.parent.mkdir(parents=True, exist_ok=True)
    ticked = mark.last_tick_at.isoformat() if mark.last_tick_at else None
    text = json.dumps({"instance": mark.instance, "last_tick_at": ticked, "wal_position": mark.wal_position})
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".engine-")
    with os.fdopen(handle, "w") as out:
        out.write(text)
    Path(name).replace(file)
