"""Finds, makes and destroys keys. Unwrapped keys are kept in this process for five minutes at most."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from practice.vault.cipher import CannotOpen, decrypt, encrypt, new_key
from practice.vault.models import DataKey, PracticeKey

Address = tuple[str, int]
KEEP_SECONDS = 300
KEEP_KEYS = 20_000

_lock = threading.Lock()
_kept: OrderedDict[Address, tuple[float, bytes]] = OrderedDict()


def create_practice_key(*, practice_id: int) -> None:
    """Give a practice its key, wrapped by the newest environment key."""
    master_id, master = next(iter(settings.VAULT_KEYS.items()))
    PracticeKey.objects.create(
        practice_id=practice_id, master_id=master_id, wrapped=encrypt(master, new_key(), practice_bound(practice_id))
    )


def create_data_key(*, practice_id: int, owner: Address) -> None:
    """Give an owner a data key of their own, wrapped by the practice's key."""
    kind, owner_id = owner
    wrapped = encrypt(_practice_key(practice_id), new_key(), _owner_bound(owner))
    DataKey.objects.create(practice_id=practice_id, owner_kind=kind, owner_id=owner_id, wrapped=wrapped)


def ensure_data_key(*, practice_id: int, owner: Address) -> None:
    """Give an owner a data key if they have none: somebody who ran the installation before they belonged anywhere."""
    kind, owner_id = owner
    if not DataKey.objects.filter(owner_kind=kind, owner_id=owner_id).exists():
        create_data_key(practice_id=practice_id, owner=owner)


def destroy_data_key(owner: Address) -> None:
    """Make everything sealed for this owner unreadable for ever."""
    DataKey.objects.filter(owner_kind=owner[0], owner_id=owner[1]).delete()
    with _lock:
        _kept.pop(owner, None)


def data_key(owner: Address) -> bytes:
    """Return an owner's key. Raises CannotOpen when it was destroyed or never made."""
    key = _recall(owner)
    if key is None:
        warm([owner])
        key = _recall(owner)
    if key is None:
        raise CannotOpen(f"no key for {owner[0]} {owner[1]}")
    return key


def is_at_hand(owner: Address) -> bool:
    """Return whether the owner's key is kept here for another second at least, so that sealing asks no database."""
    with _lock:
        entry = _kept.get(owner)
    return entry is not None and entry[0] > time.monotonic() + 1.0


def warm(owners: Iterable[Address]) -> None:
    """Fetch the keys of many owners of one kind each in one query a kind, so that a list costs no query a row."""
    by_kind: dict[str, set[int]] = {}
    for kind, owner_id in owners:
        if _recall((kind, owner_id)) is None:
            by_kind.setdefault(kind, set()).add(owner_id)
    for kind, ids in by_kind.items():
        for row in DataKey.objects.filter(owner_kind=kind, owner_id__in=ids):
            owner = (kind, row.owner_id)
            _keep(owner, decrypt(_practice_key(row.practice_id), bytes(row.wrapped), _owner_bound(owner)))


@dataclass(frozen=True)
class WrappedKey:
    """A practice's key as it lies there: which environment key wraps it, and whether that one opens it."""

    practice_id: int
    master_id: str
    opens: bool


def wrapped_practice_keys() -> Iterator[WrappedKey]:
    """Yield every practice's key, tried; nothing is kept. For `manage.py doctor`."""
    for row in PracticeKey.objects.order_by("practice_id").iterator():
        master = settings.VAULT_KEYS.get(row.master_id)
        try:
            opens = bool(master and decrypt(master, bytes(row.wrapped), practice_bound(row.practice_id)))
        except CannotOpen:
            opens = False
        yield WrappedKey(row.practice_id, row.master_id, opens)


def forget_keys() -> None:
    """Drop every kept key (tests, after a rotation)."""
    with _lock:
        _kept.clear()


def _practice_key(practice_id: int) -> bytes:
    owner = ("practice", practice_id)
    key = _recall(owner)
    if key is None:
        row = PracticeKey.objects.get(practice_id=practice_id)
        master = settings.VAULT_KEYS.get(row.master_id)
        if master is None:
            raise CannotOpen(f"VAULT_KEYS has no key {row.master_id!r}, which wraps the key of practice {practice_id}")
        key = decrypt(master, bytes(row.wrapped), practice_bound(practice_id))
        _keep(owner, key)
    return key


def _recall(owner: Address) -> bytes | None:
    with _lock:
        entry = _kept.get(owner)
        if entry is None or entry[0] < time.monotonic():
            return None
        _kept.move_to_end(owner)
        return entry[1]


def _keep(owner: Address, key: bytes) -> None:
    with _lock:
        _kept[owner] = (time.monotonic() + KEEP_SECONDS, key)
        while len(_kept) > KEEP_KEYS:
            _kept.popitem(last=False)


def practice_bound(practice_id: int) -> bytes:
    """Return what a practice's wrapped key is bound to."""
    return f"practice-key:{practice_id}".encode()


def _owner_bound(owner: Address) -> bytes:
    return f"data-key:{owner[0]}:{owner[1]}".encode()
