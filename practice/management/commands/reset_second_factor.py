"""`manage.py reset_second_factor EMAIL`: lets someone in again who lost phone, passkeys and recovery codes.

Make sure first that it is them: see docs/operator/someone-is-locked-out.md. Every session of theirs ends; they sign in
by their password and set up a second factor anew. They are told by mail, and it stands in the trail.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone

from practice.accounts.changing_factors import reset_factors
from practice.accounts.devices import sign_out_everywhere
from practice.management.person import person_with


class Command(BaseCommand):
    """Remove someone's second factors."""

    help = "Remove someone's second factors and sign them out everywhere. They are told by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that nobody has this address."""
        user = person_with(options["email"])
        now = timezone.now()
        with transaction.atomic():
            removed = reset_factors(user=user, by=None, now=now)
            ended = sign_out_everywhere(user=user, now=now, mail=False, by_operator=True)
        self.stdout.write(f"{user.email}: {removed} removed, signed out on {ended}. A mail is on its way to them.")
