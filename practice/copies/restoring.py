"""Restoring a backup: everything is checked first, then all of it happens in one transaction, or none of it.

1. Open the file: key, format, versions, the vault's keys, and whether the database may be written to.
2. Read it to the end: every chunk's tag, every sum. Only then touch anything.
3. In one transaction of psql: empty the database if asked to, run what pg_restore makes of the dump, count the rows of
   each table, and put every lane of the engine on hold. A copy that sends is never there, not for a moment.
4. Tell it: the audit trail, and each practice's attention list.
"""

import contextlib
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import connection

from practice.audit import record
from practice.copies.backing_up import DUMP, MANIFEST
from practice.copies.failing import CannotCopy
from practice.copies.manifest import Manifest, is_of_this_version, must_fit, read
from practice.copies.members import MemberReader
from practice.copies.programs import complaint, program, server_major, where
from practice.copies.sealed_file import SealedReader
from practice.notifications import events, holding
from practice.notifications.delivering import lane_of
from practice.notifications.models import Channel, EngineLane

PIECE: Final = 256 * 1024
QUIET: Final = ("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
BEGIN: Final = "BEGIN;\nSET statement_timeout = 0;\nSET lock_timeout = '10s';\nSET client_min_messages = warning;\n"
EMPTIED: Final = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
STATE: Final = """
SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')),
  (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend')
"""
LANES: Final = (holding.SENDS, holding.PLANNER, *(lane_of(channel) for channel in Channel if channel != Channel.IN_APP))


@dataclass(frozen=True)
class Restored:
    """What was restored, and whether migrations wait for it."""

    manifest: Manifest
    must_migrate: bool


def inspect(*, file: Path) -> Manifest:
    """Return what the backup says of itself, once all of it was read and found whole. Touches nothing."""
    with _opened(file) as reader:
        manifest = read(reader.member(MANIFEST))
        for _part in reader.member(DUMP):
            pass
        reader.end()
    return manifest


def restore(*, file: Path, now: datetime, replace: bool = False) -> Restored:
    """Return what was restored into this database. Raises CannotCopy, and then nothing was changed.

    A database that isn't empty is refused, unless `replace` says that all that is in it may go.
    """
    with _opened(file) as reader:
        must_fit(read(reader.member(MANIFEST)))
    filled = _must_be_free(replace=replace)
    manifest = inspect(file=file)
    connection.close()
    reason = f"restored on {now:%Y-%m-%d %H:%M} UTC from the backup of {manifest.created_at[:16].replace('T', ' ')} UTC"
    _run(file, manifest, reason=reason, emptied=filled)
    current = is_of_this_version(manifest)
    if current:  # else its tables aren't what this program writes to
        record("backup_restored", practice_id=None, by=None, now=now, rows=manifest.rows)
        events.lanes_held.send(sender=EngineLane, reason=reason, now=now)
    return Restored(manifest, must_migrate=not current)


def _must_be_free(*, replace: bool) -> bool:
    """Return whether there is anything in the database. Raises CannotCopy when that, or who works in it, forbids it."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        tables, others = cursor.fetchone()
    name = connection.settings_dict["NAME"]
    if tables and not replace:
        raise CannotCopy(f"The database {name!r} isn't empty. Name an empty one in DATABASE_URL, or say --replace.")
    if others:
        raise CannotCopy(
            f"{others} other connections are open to the database {name!r}. Stop web, live, engine, worker and beat."
        )
    return bool(tables)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[MemberReader]:
    if not settings.BACKUP_KEYS:
        raise CannotCopy("BACKUP_KEYS is not set: it holds the key that opens the backup.")
    try:
        with file.open("rb") as source:
            yield MemberReader(SealedReader(source, keys=settings.BACKUP_KEYS))
    except OSError as error:
        raise CannotCopy(f"{file} can't be read: {error.strerror or error}.") from error


def _run(file: Path, manifest: Manifest, *, reason: str, emptied: bool) -> None:
    major = server_major()
    connection.close()
    pg_restore = [program("pg_restore", major=major), "--file=-", "--format=custom", "--no-owner", "--no-privileges"]
    psql = [program("psql", major=major), *QUIET]
    pipe = subprocess.PIPE
    with _opened(file) as reader, tempfile.TemporaryFile() as of_dump, tempfile.TemporaryFile() as of_psql:
        list(reader.member(MANIFEST))
        writing = subprocess.Popen(psql, stdin=pipe, stdout=subprocess.DEVNULL, stderr=of_psql, env=where())
        reading = subprocess.Popen(pg_restore, stdin=pipe, stdout=pipe, stderr=of_dump, env=where())
        feeding = threading.Thread(target=_feed, args=(reader, reading), daemon=True)
        try:
            feeding.start()
            sql = _pipe(writing.stdin)
            sql.write(BEGIN.encode() + (EMPTIED if emptied else "").encode())
            while piece := _pipe(reading.stdout).read(PIECE):
                sql.write(piece)
            if reading.wait():
                raise CannotCopy(complaint(of_dump, of="pg_restore"))
            sql.write(_ending(manifest, reason).encode())
            sql.close()
            if writing.wait():
                raise CannotCopy(complaint(of_psql, of="psql"))
        except BrokenPipeError as error:
            writing.wait()
            raise CannotCopy(complaint(of_psql, of="psql")) from error
        finally:
            for running in (writing, reading):  # psql without its COMMIT has changed nothing
                running.kill()
                running.wait()
                for end in (running.stdin, running.stdout):
                    with contextlib.suppress(OSError, ValueError):
                        if end is not None:
                            end.close()
            feeding.join()


def _feed(reader: MemberReader, reading: "subprocess.Popen[bytes]") -> None:
    """Give pg_restore the dump. The file was read to its end before; if it fails now, pg_restore ends with an error."""
    with contextlib.suppress(OSError, ValueError, CannotCopy):
        into = _pipe(reading.stdin)
        for part in reader.member(DUMP):
            into.write(part)
        into.close()
        return
    reading.kill()


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise CannotCopy("A program was started without a pipe.")
    return end


def _ending(manifest: Manifest, reason: str) -> str:
    """Count every table, hold every lane, commit."""
    said = reason.replace("'", "''")
    checks = [
        f"IF (SELECT count(*) FROM public.{connection.ops.quote_name(name)}) <> {count} THEN "  # noqa: S608
        f"RAISE EXCEPTION 'the table {name} has not as many rows as the backup says'; END IF;"
        for name, count in manifest.tables.items()
    ]
    lanes = ", ".join(f"('{name}', true, '{said}', '', '', 0, 0)" for name in LANES)
    return "\n".join(
        [
            "",
            "DO $check$ BEGIN",
            *checks,
            "END $check$;",
            f"UPDATE public.practice_enginelane SET hold = true, hold_reason = '{said}';",  # noqa: S608
            "INSERT INTO public.practice_enginelane",
            "(name, hold, hold_reason, identity, wal_position, sent_total, failures)",
            f"VALUES {lanes} ON CONFLICT (name) DO NOTHING;",
            "COMMIT;",
            "",
        ]
    )
