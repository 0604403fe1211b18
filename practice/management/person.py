"""A command about one person, named by their e-mail address."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from practice.people.models import User


class PersonCommand(BaseCommand):
    """Finds the person; what is done to them stands in `handle_person`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that nobody has this address."""
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody has this address.")
        self.handle_person(user)

    def handle_person(self, user: User) -> None:
        """Do what the command is for, and say so."""
        raise NotImplementedError
