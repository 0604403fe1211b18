"""`manage.py backup FOLDER`: one encrypted file with everything but the environment's keys."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.copies.backing_up import back_up
from practice.copies.failing import CannotCopy


class Command(BaseCommand):
    """Make a backup."""

    help = "Make an encrypted backup (BACKUP_KEYS) in a folder. Exit code 1: none was made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many to keep."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--keep", type=int, metavar="N", help="afterwards remove all but the newest N in the folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what it is."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep must be 1 or more.", returncode=2)
        began = time.monotonic()
        try:
            made = back_up(folder=options["folder"], now=timezone.now(), keep=options["keep"])
        except CannotCopy as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Wrote {made.file}: {made.size / 1e6:.1f} MB, {len(made.manifest.tables)} tables, "
            f"{made.manifest.rows} rows, key {made.key_id}, {time.monotonic() - began:.1f} s"
        )
        for file in made.removed:
            self.stdout.write(f"Removed {file}")
