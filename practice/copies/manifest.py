"""What a backup says of itself, and whether it can be restored here. Checked before anything is touched."""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from practice.copies.failing import CannotCopy
from practice.copies.programs import server_major

FORMAT: Final = 1
LEFT_OUT: Final = ("django_session", "practice_cache")  # who is signed in, and throttles: nothing to bring back
CHECK: Final = b"rapport: which vault key is this"
TABLES: Final = """
SELECT relname FROM pg_class
WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


@dataclass(frozen=True)
class Manifest:
    """What lies in a backup, as it was in the snapshot that was dumped."""

    created_at: str
    postgres: int
    migrations: list[list[str]]
    tables: dict[str, int]
    vault_keys: dict[str, str]
    audit_heads: dict[str, list[Any]]
    format: int = FORMAT
    left_out: list[str] = field(default_factory=lambda: list(LEFT_OUT))

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(self.tables.values())

    def as_bytes(self) -> bytes:
        """As it lies in the file."""
        return json.dumps(asdict(self)).encode()


def read(parts: Iterable[bytes]) -> Manifest:
    """Return the manifest of a backup. Raises CannotCopy."""
    said = json.loads(b"".join(parts))
    if said.get("format") != FORMAT:
        raise CannotCopy(
            f"The backup has format {said.get('format')}; this Rapport knows {FORMAT}. Install a newer one."
        )
    return Manifest(**said)


def describe(cursor: Any, *, created_at: str) -> Manifest:
    """Return the manifest of the database as this transaction sees it."""
    return Manifest(
        created_at=created_at,
        postgres=server_major(),
        migrations=[list(row) for row in _rows(cursor, "SELECT app, name FROM django_migrations ORDER BY id")],
        tables=counts(cursor),
        vault_keys=_fingerprints(
            row[0] for row in _rows(cursor, "SELECT DISTINCT master_id FROM practice_practicekey")
        ),
        audit_heads={
            str(chain): [seq, bytes(last).hex()]
            for chain, seq, last in _rows(cursor, "SELECT chain, seq, hash FROM practice_auditchain ORDER BY chain")
        },
    )


def counts(cursor: Any) -> dict[str, int]:
    """Return how many rows each table has that is backed up."""
    names = [name for (name,) in _rows(cursor, TABLES) if name not in LEFT_OUT]
    quoted = [connection.ops.quote_name(name) for name in names]
    return {
        name: _rows(cursor, f"SELECT count(*) FROM {quote}")[0][0]  # noqa: S608 - names from the catalogue
        for name, quote in zip(names, quoted, strict=True)
    }


def must_fit(manifest: Manifest) -> None:
    """Raise CannotCopy unless this program, this server and these keys can take the backup."""
    here = server_major()
    if here < manifest.postgres:
        raise CannotCopy(f"The backup is of PostgreSQL {manifest.postgres}; this server is {here}. Use a newer server.")
    known = set(MigrationLoader(None).disk_migrations or {})
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer:
        raise CannotCopy(f"The backup is of a newer Rapport ({newer[-1]} is unknown here). Install that one first.")
    for key_id, fingerprint in manifest.vault_keys.items():
        key = settings.VAULT_KEYS.get(key_id)
        if key is None:
            raise CannotCopy(f"VAULT_KEYS has no key {key_id!r}: nothing that people wrote could be read.")
        if _fingerprint(key) != fingerprint:
            raise CannotCopy(f"{key_id!r} in VAULT_KEYS is another key than the backup's: nothing could be read.")


def is_of_this_version(manifest: Manifest) -> bool:
    """Return whether no migration is waiting for the restored database."""
    return {tuple(row) for row in manifest.migrations} >= set(MigrationLoader(None).disk_migrations or {})


def _fingerprints(key_ids: Iterable[str]) -> dict[str, str]:
    keys: Mapping[str, bytes] = settings.VAULT_KEYS
    ids = sorted(key_ids)
    missing = [key_id for key_id in ids if key_id not in keys]
    if missing:
        raise CannotCopy(
            f"VAULT_KEYS has no key {missing[0]!r}, which is in use: put it back before you make a backup."
        )
    return {key_id: _fingerprint(keys[key_id]) for key_id in ids}


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, CHECK, "sha256").hex()[:16]


def _rows(cursor: Any, query: str) -> list[Any]:
    cursor.execute(query)
    return list(cursor.fetchall())
