"""`manage.py change_email FORMER NEW`: another address for someone who belongs to no practice.

Who runs the installation has no practice whose mail could carry a link, so nothing can be confirmed by one. Everybody
else changes their address themselves, under Signing in.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from practice.accounts.changing_email import CannotGive, give_email
from practice.management.person import person_with


class Command(BaseCommand):
    """Give another address to who runs the installation."""

    help = "Give another e-mail address to someone who belongs to no practice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take both addresses."""
        parser.add_argument("former")
        parser.add_argument("new")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        user = person_with(options["former"])
        try:
            user = give_email(user=user, email=options["new"], now=timezone.now())
        except CannotGive as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.name} signs in as {user.email} from now on.")
