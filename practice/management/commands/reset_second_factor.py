"""`manage.py reset_second_factor EMAIL`: lets someone in again who lost phone, passkeys and recovery codes.

Make sure first that it is them: see docs/operator/someone-is-locked-out.md. Every session of theirs ends; they sign in
by their password and set up a second factor anew. They are told by mail, and it stands in the trail.
"""

from django.db import transaction
from django.utils import timezone

from practice.accounts.changing_factors import reset_factors
from practice.accounts.devices import sign_out_everywhere
from practice.management.person import PersonCommand
from practice.people.models import User


class Command(PersonCommand):
    """Remove someone's second factors."""

    help = "Remove someone's second factors and sign them out everywhere. They are told by mail."

    def handle_person(self, user: User) -> None:
        """Do it."""
        now = timezone.now()
        with transaction.atomic():
            removed = reset_factors(user=user, by=None, now=now)
            ended = sign_out_everywhere(user=user, now=now, mail=False, by_operator=True)
        self.stdout.write(f"{user.email}: {removed} removed, signed out on {ended}. A mail is on its way to them.")
