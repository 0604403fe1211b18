"""`manage.py preview_plan FILE --zone Z --start T`: a pathway file's dates, without a database."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homework.domain.previewing import preview_rows
from homework.domain.timing import TimingError, parse_pathway, plan
from practice.clock import UnknownZone, canonical_zone

BAD_INPUT = 2


class Command(BaseCommand):
    """Print the dated preview of a pathway file as a JSON list."""

    help = "Print when each step of a pathway file would be sent, as a JSON list."
    requires_system_checks: list[str] = []  # works without database and servers

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE (or - for standard input), zone and local start."""
        parser.add_argument("file", metavar="FILE", help="a pathway file, or - for standard input")
        parser.add_argument("--zone", required=True, help="the client's time zone, such as Europe/Berlin")
        parser.add_argument("--start", required=True, help="the local start, such as 2026-03-27T10:00")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, plan, print."""
        try:
            pathway = parse_pathway(_read(options["file"]))
            tz = canonical_zone(options["zone"])
            rows = preview_rows(plan(steps=pathway.steps, start=_start(options["start"]), tz=tz), tz=tz)
        except (TimingError, UnknownZone, OSError) as error:
            raise CommandError(str(error).replace("\n", " "), returncode=BAD_INPUT) from None
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))


def _read(name: str) -> Any:
    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise TimingError(f"{name}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise TimingError(f"{name}: is no JSON: {error}") from None


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise TimingError(f"--start {text!r} is no local time such as 2026-03-27T10:00") from None
    if start.tzinfo is not None:
        raise TimingError("--start is a local time of the zone; leave out the offset")
    return start
