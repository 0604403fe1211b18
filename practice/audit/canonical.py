"""What a link's hash is made of: the link before it and the bytes of its event, one form on every machine."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

FORM: Final = "rapport-audit-1"
NOTHING: Final = bytes(32)  # stands before the first link
COLUMNS: Final = """e.id, e.practice_id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_id, e.verb, e.client_ref,
  e.subject_type, e.subject_ref, host(e.address), e.facts::text"""
FACTS: Final = 9  # the place of the facts among the columns

_write = json.JSONEncoder(separators=(",", ":"), sort_keys=True, check_circular=False).encode


def link(
    *, chain: int, seq: int, previous: bytes, event: Sequence[Any], key_id: str, keys: Mapping[str, bytes]
) -> bytes:
    """Return the hash of one link. `event` is a row of COLUMNS. With a key id it is an HMAC. Raises KeyError."""
    facts = event[FACTS]
    plain = _write([FORM, chain, seq, *event[:FACTS], {} if facts == "{}" else json.loads(facts)])
    said = previous + plain.encode()
    if key_id:
        return hmac.digest(keys[key_id], said, "sha256")
    return hashlib.sha256(said).digest()
