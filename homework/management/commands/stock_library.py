"""`manage.py stock_library`: brings the shipped activities and pathways into every practice, or one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from homework.domain.stocking import stock_library
from homework.library.reading import LibraryFaultError
from practice.people.models import Practice


class Command(BaseCommand):
    """Stock the library; safe to run again."""

    help = "Bring the shipped library into every practice. Safe to run again: only changed pieces get a new version."

    def add_arguments(self, parser: CommandParser) -> None:
        """The number of one practice, if only one is meant."""
        parser.add_argument("--practice", type=int, help="only the practice with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stock each practice and say what changed."""
        wanted = options["practice"]
        practices = [one for one in Practice.objects.order_by("pk") if wanted in (None, one.pk)]
        if not practices:
            raise CommandError("There is no such practice." if wanted else "There is no practice yet.")
        for practice in practices:
            try:
                stocked = stock_library(practice=practice, by=None, now=timezone.now())
            except LibraryFaultError as fault:
                raise CommandError(str(fault)) from None
            self.stdout.write(
                f"practice {practice.pk}: {len(stocked.new)} new, {len(stocked.renewed)} renewed, "
                f"{len(stocked.unchanged)} unchanged, {len(stocked.kept)} kept"
            )
