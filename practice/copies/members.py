"""What lies inside a backup: named members one after the other, each as long as it turns out to be, and their sums.

A frame is four bytes of length and as many bytes. A member is a frame with its name, frames of content, an empty frame.
The end is a frame with every member's length and SHA-256.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from practice.copies.failing import CannotCopy
from practice.copies.sealed_file import SealedReader, SealedWriter

LONGEST: Final = 1024 * 1024
Sums = dict[str, dict[str, Any]]


class MemberWriter:
    """Writes members, then their sums."""

    def __init__(self, out: SealedWriter) -> None:
        self._out = out
        self.sums: Sums = {}

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Write one member, as its content comes."""
        self._frame(json.dumps({"member": name}).encode())
        digest, size = hashlib.sha256(), 0
        for part in content:
            if part:
                self._frame(part)
                digest.update(part)
                size += len(part)
        self._frame(b"")
        self.sums[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def end(self) -> None:
        """Write the sums and close the file."""
        self._frame(json.dumps({"end": self.sums}).encode())
        self._out.close()

    def _frame(self, content: bytes) -> None:
        self._out.write(len(content).to_bytes(4, "big") + content)


class MemberReader:
    """Reads members in their order; checks the sums at the end."""

    def __init__(self, source: SealedReader) -> None:
        self._source = source
        self._sums: Sums = {}

    def member(self, name: str) -> Iterator[bytes]:
        """Yield the content of the next member, which must have this name."""
        if self._said().get("member") != name:
            raise CannotCopy(f"The backup has no {name} where it should be.")
        digest, size = hashlib.sha256(), 0
        while part := self._frame():
            digest.update(part)
            size += len(part)
            yield part
        self._sums[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def end(self) -> Sums:
        """Return the sums. Raises CannotCopy unless they are what was read, and nothing follows."""
        said = self._said().get("end")
        if said != self._sums or not self._source.at_end():
            raise CannotCopy("The backup's sums are not those of its content. Use another one.")
        return self._sums

    def _said(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._frame()))
        except (ValueError, TypeError) as error:
            raise CannotCopy("The backup isn't built as it should be. Use another one.") from error

    def _frame(self) -> bytes:
        size = int.from_bytes(self._source.read(4), "big")
        if size > LONGEST:
            raise CannotCopy("The backup isn't built as it should be. Use another one.")
        return self._source.read(size)
