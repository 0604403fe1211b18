"""What a link's hash is made of: the link before it and the bytes of its event, one form on every machine."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

FORM: Final = "rapport-audit-1"
NOTHING: Final = bytes(32)  # stands before the first link
COLUMNS: Final = """e.id, e.practice_id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_id, e.verb, e.client_ref,
  e.subject_type, e.subject_ref, host(e.address), e.facts::text"""
WORDS: Final = 10_000  # few are different: verbs, sorts of subject, addresses of the day

_write = json.JSONEncoder(separators=(",", ":"), sort_keys=True, check_circular=False).encode


def link(
    *, chain: int, seq: int, previous: bytes, event: Sequence[Any], key_id: str, keys: Mapping[str, bytes]
) -> bytes:
    """Return the hash of one link. `event` is a row of COLUMNS. With a key id it is an HMAC. Raises KeyError."""
    said = previous + _written(chain, seq, event).encode()
    if key_id:
        return hmac.digest(keys[key_id], said, "sha256")
    return hashlib.sha256(said).digest()


def _written(chain: int, seq: int, event: Sequence[Any]) -> str:
    """The JSON of [FORM, chain, seq, *columns, facts], put together by hand: a million of them take half as long."""
    pk, practice, at, actor, verb, client, subject_type, subject, address, facts = event
    return (
        f'["{FORM}",{chain},{seq},{pk},{_number(practice)},{at},{_number(actor)},{_word(verb)},{_number(client)},'
        f"{_word(subject_type)},{_number(subject)},{_word(address)},{_facts(facts)}]"
    )


def _number(value: int | None) -> int | str:
    return "null" if value is None else value


@lru_cache(maxsize=WORDS)
def _word(value: str | None) -> str:
    return _write(value)


@lru_cache(maxsize=WORDS)
def _facts(text: str) -> str:
    return _write(json.loads(text))
