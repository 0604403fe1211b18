"""`manage.py restore FILE`: a backup back into a database. Afterwards nothing is sent until the engine is released."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.copies.failing import CannotCopy
from practice.copies.manifest import Manifest
from practice.copies.restoring import inspect, restore
from practice.management.agreeing import agreed


class Command(BaseCommand):
    """Restore a backup."""

    help = "Restore a backup into the database of DATABASE_URL. Exit code 1: nothing was changed."
    requires_system_checks: list[str] = []  # the database may be empty

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and how far to go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="read all of it and say what it is; change nothing")
        parser.add_argument("--replace", action="store_true", help="remove everything that is in the database first")
        parser.add_argument("--yes", action="store_true", help="replace without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check it, or check it and restore it."""
        try:
            if options["check"]:
                self._say("Whole", inspect(file=options["file"]))
                return
            sure = options["yes"] or not options["replace"]
            if not sure and not agreed("Everything in the database will be replaced. Go on?"):
                raise CommandError("Nothing was changed. To replace it without being asked: --yes")
            done = restore(file=options["file"], now=timezone.now(), replace=options["replace"])
        except CannotCopy as error:
            raise CommandError(str(error)) from error
        self._say("Restored", done.manifest)
        if done.must_migrate:
            self.stdout.write("This Rapport is newer than the backup. Next: manage.py migrate")
        self.stdout.write("The engine is on hold: nothing is sent. See what would be: manage.py engine status")
        self.stdout.write("Let it go: manage.py engine release --lose-before MOMENT")

    def _say(self, what: str, manifest: Manifest) -> None:
        made = manifest.created_at[:16].replace("T", " ")
        self.stdout.write(
            f"{what}: the backup of {made} UTC, {len(manifest.tables)} tables, {manifest.rows} rows, PostgreSQL "
            f"{manifest.postgres}"
        )
