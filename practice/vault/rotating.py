"""Brings what lies under an older environment key under the newest of `VAULT_KEYS`.

What people wrote stays as it is: it lies under data keys, those under the practice's key, and only that one is wrapped
anew. Whoever seals by `practice.vault.installing` registers here, so that no key goes that something still needs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from practice.contributions.registry import Registry
from practice.vault.cipher import CannotOpen, decrypt, encrypt
from practice.vault.keyring import practice_bound, wrapped_practice_keys
from practice.vault.models import PracticeKey

A_REPORT: Final = 100


@dataclass(frozen=True)
class Sealed:
    """Where something is sealed by the environment's keys.

    `lying_under()` yields a row's number and the keys it needs; `renew(number)` seals it by the newest one: it locks
    the row, may be called twice, and raises CannotOpen when the old key is gone.
    """

    label: str
    lying_under: Callable[[], Iterator[tuple[int, frozenset[str]]]]
    renew: Callable[[int], Any]


SEALED_HERE: Final[Registry[Sealed]] = Registry("what is sealed by the environment's keys")


def newest_key() -> str:
    """Return the name of the key by which everything new is sealed."""
    return next(iter(settings.VAULT_KEYS))


def _practice_keys() -> Iterator[tuple[int, frozenset[str]]]:
    for row in wrapped_practice_keys():
        yield row.practice_id, frozenset({row.master_id})


@transaction.atomic
def _wrap_anew(practice_id: int) -> None:
    row = PracticeKey.objects.select_for_update().get(practice_id=practice_id)
    if row.master_id not in settings.VAULT_KEYS:
        raise CannotOpen(f"VAULT_KEYS has no key {row.master_id!r}")
    key = decrypt(settings.VAULT_KEYS[row.master_id], bytes(row.wrapped), practice_bound(practice_id))
    row.master_id = newest_key()
    row.wrapped = encrypt(settings.VAULT_KEYS[row.master_id], key, practice_bound(practice_id))
    row.save(update_fields=["master_id", "wrapped"])


SEALED_HERE.register("practices", Sealed("keys of practices", _practice_keys, _wrap_anew), order=10)


def used_keys() -> dict[str, Counter[str]]:
    """Return how many rows of each sort lie under which key."""
    return {
        sealed.label: Counter(key for _number, keys in sealed.lying_under() for key in keys) for sealed in SEALED_HERE
    }


def bring_under_newest() -> Iterator[tuple[str, int, int]]:
    """Seal everything by the newest key, one short transaction a row; yield the sort, how many are done, of how many.

    May be stopped and called again: what lies under the newest key already isn't touched. Everything else may run
    meanwhile, once it knows the newest key. Raises CannotOpen when a key that something lies under is gone.
    """
    newest = newest_key()
    for sealed in SEALED_HERE:
        old = [number for number, keys in sealed.lying_under() if keys != {newest}]
        for done, number in enumerate(old, start=1):
            sealed.renew(number)
            if done % A_REPORT == 0:
                yield sealed.label, done, len(old)
        yield sealed.label, len(old), len(old)
