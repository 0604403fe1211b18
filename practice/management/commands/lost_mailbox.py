"""`manage.py lost_mailbox EMAIL`: nobody comes in by mails to this address any more, until it is confirmed anew.

For someone who lost their mailbox, or had it stolen, and has no password. Make sure first that it is them: see
docs/operator/someone-is-locked-out.md. Afterwards their therapist can show them a code in the room, and write down
another address, which they confirm. They are told at the address, and it stands in the trail.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from practice.accounts.changing_email import give_up_address
from practice.management.person import person_with


class Command(BaseCommand):
    """Take an address as no longer its owner's."""

    help = "Let nobody come in by mails to this address any more, until it is confirmed anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that nobody has this address."""
        user = person_with(options["email"])
        give_up_address(user=user, now=timezone.now())
        self.stdout.write(f"{user.email}: opens nothing by mail any more. Their therapist can show a code in the room.")
