"""Looks ahead: does an act, keeps what it says, and takes it back. So a preview can't differ from the act itself."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

Told = TypeVar("Told")


def tried(act: Callable[[], Told]) -> Told:
    """Return what `act` returns, with nothing of it left in the database. What `act` raises goes through."""
    with transaction.atomic():
        told = act()
        transaction.set_rollback(True)
    return told
