"""An encrypted file, written and read in chunks: constant memory, and no byte of it can be changed, moved or cut off.

    rapport-backup-1\\n
    {"key": "b1", "salt": "…", "created": "…"}\\n      not secret, but bound to every chunk
    chunk · chunk · … · last chunk                    each AES-GCM: 256 KiB of content, 16 bytes of tag

Every file has a key of its own, derived (HKDF-SHA256) from the named key and the salt: a chunk's number is its nonce.
The nonce's last byte marks the last chunk: a file that was cut off at a chunk's end doesn't open there either.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from practice.copies.failing import CannotCopy

MAGIC: Final = b"rapport-backup-1\n"
CHUNK: Final = 256 * 1024
TAG: Final = 16
LONGEST_HEADER: Final = 4096


class SealedWriter:
    """Encrypts what is written to it. Without `close()` the file is not whole, and reads as such."""

    def __init__(self, out: BinaryIO, *, key_id: str, key: bytes, now: datetime) -> None:
        header = json.dumps({"key": key_id, "salt": os.urandom(32).hex(), "created": now.isoformat()}).encode() + b"\n"
        self._out, self._waiting, self._count = out, bytearray(), 0
        self._cipher, self._bound = _cipher(key, header)
        out.write(MAGIC + header)

    def write(self, content: bytes) -> None:
        """Take more content."""
        self._waiting += content
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write the last chunk."""
        self._chunk(bytes(self._waiting), last=True)

    def _chunk(self, content: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, last=last), content, self._bound))
        self._count += 1


class SealedReader:
    """Reads what a SealedWriter wrote. Raises CannotCopy at the first byte that isn't right."""

    def __init__(self, source: BinaryIO, *, keys: Mapping[str, bytes]) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise CannotCopy("This is no backup of Rapport.")
        header = source.readline(LONGEST_HEADER)
        self.key_id = _named(header, keys)
        self._source, self._cipher_and_bound = source, _cipher(keys[self.key_id], header)
        self._chunks = self._open()
        self._waiting = b""

    def read(self, size: int) -> bytes:
        """Return exactly that many bytes. Raises CannotCopy when there are fewer."""
        parts, missing = [], size
        while missing:
            if not self._waiting:
                self._waiting = next(self._chunks, b"")
                if not self._waiting:
                    raise CannotCopy("The backup ends too early.")
            parts.append(self._waiting[:missing])
            self._waiting = self._waiting[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)

    def at_end(self) -> bool:
        """Return whether everything was read, down to the mark of the last chunk."""
        return not self._waiting and not next(self._chunks, b"")

    def _open(self) -> Iterator[bytes]:
        cipher, bound = self._cipher_and_bound
        chunk, count = self._source.read(CHUNK + TAG), 0
        while True:
            following = self._source.read(CHUNK + TAG)
            try:
                yield cipher.decrypt(_nonce(count, last=not following), chunk, bound)
            except (InvalidTag, ValueError) as error:
                raise CannotCopy(self._why(count)) from error
            if not following:
                return
            chunk, count = following, count + 1

    def _why(self, count: int) -> str:
        if count == 0:
            return (
                f"The backup doesn't open: {self.key_id!r} in BACKUP_KEYS is another key than the one that made it, or "
                "the file is damaged or cut off."
            )
        return f"The backup is damaged or cut off after {count * CHUNK // 1024} KiB. Use another one."


def _named(header: bytes, keys: Mapping[str, bytes]) -> str:
    try:
        said: dict[str, Any] = json.loads(header)
        key_id = said["key"]
    except (ValueError, KeyError, TypeError) as error:
        raise CannotCopy("The backup is damaged at its beginning. Use another one.") from error
    if key_id not in keys:
        raise CannotCopy(f"The backup was made with the key {key_id!r}, which BACKUP_KEYS doesn't have.")
    return str(key_id)


def _cipher(key: bytes, header: bytes) -> tuple[AESGCM, bytes]:
    derived = HKDF(SHA256(), 32, salt=hashlib.sha256(header).digest(), info=MAGIC).derive(key)
    return AESGCM(derived), header


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
