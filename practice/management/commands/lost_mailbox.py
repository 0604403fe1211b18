"""`manage.py lost_mailbox EMAIL`: nobody comes in by mails to this address any more, until it is confirmed anew.

For someone who lost their mailbox, or had it stolen, and has no password. Make sure first that it is them: see
docs/operator/someone-is-locked-out.md. Afterwards their therapist can show them a code in the room, and write down
another address, which they confirm. They are told at the address, and it stands in the trail.
"""

from django.utils import timezone

from practice.accounts.changing_email import give_up_address
from practice.management.person import PersonCommand
from practice.people.models import User


class Command(PersonCommand):
    """Take an address as no longer its owner's."""

    help = "Let nobody come in by mails to this address any more, until it is confirmed anew."

    def handle_person(self, user: User) -> None:
        """Do it."""
        give_up_address(user=user, now=timezone.now())
        self.stdout.write(f"{user.email}: opens nothing by mail any more. Their therapist can show a code in the room.")
