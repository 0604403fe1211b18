"""Making a backup: one snapshot, dumped, encrypted and written as it comes. Constant memory.

1. Open a snapshot and describe the database as it sees it.
2. Write to a hidden file beside the final name: the manifest, then pg_dump's own output of the same snapshot, the sums.
3. Bring it to the disk, then rename: a file with the final name is whole.
4. Note it in the audit trail; take away old ones, when asked to.
"""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.db import connection, transaction

from practice.audit import record
from practice.copies.failing import CannotCopy
from practice.copies.manifest import LEFT_OUT, Manifest, describe
from practice.copies.members import MemberWriter
from practice.copies.programs import complaint, program, server_major, where
from practice.copies.sealed_file import SealedWriter

MANIFEST, DUMP = "manifest.json", "database.dump"
PIECE: Final = 256 * 1024
FORGOTTEN: Final = 24 * 3600  # an unfinished file that old belongs to a process that was killed
DUMPING: Final = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    file: Path
    manifest: Manifest
    size: int
    key_id: str
    removed: list[Path]


def back_up(*, folder: Path, now: datetime, keep: int | None = None) -> Made:
    """Return the backup that was made in `folder`. Raises CannotCopy, and then leaves nothing behind.

    `keep`: how many backups may be in the folder afterwards; the oldest go.
    """
    key_id, key = _newest_key()
    final = folder / f"rapport-{now:%Y%m%d-%H%M%S}Z.backup"
    if final.exists():
        raise CannotCopy(f"{final} is there already.")
    _sweep(folder)
    with _unfinished(folder, final) as out:
        writer = MemberWriter(SealedWriter(out, key_id=key_id, key=key, now=now))
        manifest = _write(writer, created_at=now.isoformat())
    size = final.stat().st_size
    record("backup_made", practice_id=None, by=None, now=now, bytes=size, rows=manifest.rows)
    return Made(final, manifest, size, key_id, _thin_out(folder, keep, spared=final))


def _newest_key() -> tuple[str, bytes]:
    if not settings.BACKUP_KEYS:
        raise CannotCopy(
            "BACKUP_KEYS is not set. Make a key: b1:$(openssl rand -base64 32), and keep a copy elsewhere."
        )
    if set(settings.BACKUP_KEYS.values()) & set(settings.VAULT_KEYS.values()):
        raise CannotCopy(
            "A key stands in both BACKUP_KEYS and VAULT_KEYS: the file would hold what opens it. Make one."
        )
    key_id, key = next(iter(settings.BACKUP_KEYS.items()))
    return key_id, key


def _write(writer: MemberWriter, *, created_at: str) -> Manifest:
    """Write all members from one snapshot; what it saw."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        manifest = describe(cursor, created_at=created_at)
        writer.add(MANIFEST, [manifest.as_bytes()])
        writer.add(DUMP, _dump(snapshot))
        writer.end()
    return manifest


def _dump(snapshot: str) -> Iterator[bytes]:
    left_out = [f"--exclude-table-data=public.{name}" for name in LEFT_OUT]
    argv = [program("pg_dump", major=server_major()), *DUMPING, f"--snapshot={snapshot}", *left_out]
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, env=where())
        try:
            assert running.stdout is not None  # noqa: S101 - asked for above
            while piece := running.stdout.read(PIECE):
                yield piece
            if running.wait():
                raise CannotCopy(complaint(errors, of="pg_dump"))
        finally:
            if running.poll() is None:
                running.kill()
            running.wait()
            if running.stdout is not None:
                running.stdout.close()


@contextlib.contextmanager
def _unfinished(folder: Path, final: Path) -> Iterator[BinaryIO]:
    """A hidden file that becomes `final` when all went well, and else is gone. Readable by its owner alone."""
    hidden = folder / f".{final.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        hidden.replace(final)
        _flush(folder)
    except OSError as error:
        raise CannotCopy(f"{folder} can't be written to: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            hidden.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    for hidden in folder.glob(".rapport-*.backup.part"):
        with contextlib.suppress(OSError):
            if time.time() - hidden.stat().st_mtime > FORGOTTEN:
                hidden.unlink()


def _thin_out(folder: Path, keep: int | None, *, spared: Path) -> list[Path]:
    """Remove all but so many; never the one just made, which is not the newest by name when a clock was set back."""
    if keep is None:
        return []
    others = sorted((file for file in folder.glob("rapport-*.backup") if file != spared), reverse=True)
    old = others[keep - 1 :]
    for file in old:
        file.unlink(missing_ok=True)
    return old
