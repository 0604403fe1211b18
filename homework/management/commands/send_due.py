"""`manage.py send_due --once`: drain the send lane by hand; writes outbox rows, talks to no provider."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from homework.domain.sending import drain

ON_HOLD = 3


class Command(BaseCommand):
    """Send everything that is due now and print one JSON line."""

    help = "Send everything that is due; prints one JSON line; exits 3 when the engine is on hold."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--once` is the only way there is; the worker does the rest."""
        parser.add_argument("--once", action="store_true", help="drain until nothing is due, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain, report."""
        done = drain(seconds=None)
        if done.on_hold:
            self.stderr.write(f"on hold: {done.on_hold}. Look with: manage.py engine status")
        self.stdout.write(json.dumps({"sent": done.sent, "expired": done.expired, "seconds": done.seconds}))
        if done.on_hold:
            sys.exit(ON_HOLD)
