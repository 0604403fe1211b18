"""`manage.py rotate_keys`: everything that lies under an older key of VAULT_KEYS comes under the newest one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from practice.audit import record
from practice.vault.cipher import CannotOpen
from practice.vault.rotating import bring_under_newest, newest_key


class Command(BaseCommand):
    """Bring everything under the newest key."""

    help = (
        "Bring what lies under an older key of VAULT_KEYS under the first one, while everything runs. "
        "May be stopped and run again. Exit code 1: a key that something lies under is gone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how far it is."""
        moved: dict[str, int] = {}
        try:
            for label, done, of in bring_under_newest():
                moved[label] = done
                self.stdout.write(f"{label}: {done} of {of} brought under {newest_key()!r}")
        except CannotOpen as error:
            raise CommandError(f"{error}. Put it back, from the copy you keep apart, and run this again.") from error
        if any(moved.values()):
            record("keys_rotated", practice_id=None, by=None, now=timezone.now(), rows=sum(moved.values()))
        self.stdout.write(f"Everything lies under {newest_key()!r}. Older backups still need the keys of their time.")
