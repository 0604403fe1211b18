"""`manage.py start_practice`: a real practice, and the link by which its first admin joins."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from practice.accounts.starting import CannotStart, Wanted, renew_link, start_practice


class Command(BaseCommand):
    """Make a practice, once; print the first admin's link and mail it if mail is set up."""

    help = (
        "Make a practice and invite its first admin, who opens the link and chooses a password. "
        "Running it twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who and where."""
        parser.add_argument("--name", required=True, help="name of the practice")
        parser.add_argument("--zone", help="time zone, like Europe/Berlin")
        parser.add_argument("--country", help="two letters, like DE: decides which crisis lines are offered")
        parser.add_argument("--language", default="en", help="language of pages and mails (en)")
        parser.add_argument("--admin-name", help="the first admin's name")
        parser.add_argument("--admin-email", help="their address; it is their sign-in")
        parser.add_argument(
            "--roles", default="admin,therapist,lead", help="what they do: admin, therapist, lead, supervisor"
        )
        parser.add_argument("--link-only", action="store_true", help="print the link, send no mail")
        parser.add_argument("--new-link", action="store_true", help="another link, while nobody has joined yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say why not."""
        if settings.DEMO:
            raise CommandError("With DEMO=1 the keys are public. A real practice needs DEMO=0 and keys of its own.")
        mail = settings.MAIL_CONFIGURED and not options["link_only"]
        try:
            if options["new_link"]:
                email, path = renew_link(name=options["name"], mail=mail, now=timezone.now())
            else:
                wanted = self._wanted(options)
                email, path = wanted.admin_email, start_practice(wanted=wanted, mail=mail, now=timezone.now())
                self.stdout.write(f"{wanted.name} is there.")
        except CannotStart as error:
            raise CommandError(str(error)) from None
        self.stdout.write("The first admin opens this link and chooses a password (seven days, once):")
        self.stdout.write(f"\n  {settings.PUBLIC_URL}{path}\n\n")
        told = "It is also on its way to {}." if mail else "No mail was sent: give it to {} yourself."
        self.stdout.write(told.format(email))

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        missing = [name for name in ("zone", "country", "admin_name", "admin_email") if not options[name]]
        if missing:
            raise CommandError("Missing: " + ", ".join("--" + name.replace("_", "-") for name in missing))
        names = ("name", "zone", "country", "language", "admin_name", "admin_email")
        roles = tuple(role.strip() for role in options["roles"].split(",") if role.strip())
        return Wanted(**{name: options[name] for name in names}, roles=roles)
