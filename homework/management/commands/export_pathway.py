"""`manage.py export_pathway KEY`: a published pathway as JSON on standard output."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homework.queries.exports import pathway_file, pathway_keys
from practice.people.models import Practice


class Command(BaseCommand):
    """Write a pathway as `preview_plan` reads it."""

    help = "Write a published pathway as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """The key, and which practice's when there are several."""
        parser.add_argument("key", metavar="KEY")
        parser.add_argument("--practice", type=int, help="id of the practice; else the first that has the pathway")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find, print."""
        practice = Practice.objects.filter(pk=options["practice"]).first() if options["practice"] else None
        if options["practice"] and practice is None:
            raise CommandError(f"there is no practice {options['practice']}", returncode=2)
        found = pathway_file(key=options["key"], practice=practice)
        if found is None:
            there = ", ".join(pathway_keys(practice=practice)) or "none"
            raise CommandError(f"no published pathway has the key {options['key']!r}; there are: {there}", returncode=2)
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
