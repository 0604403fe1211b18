"""`manage.py doctor`: is this installation well, and what to do where it isn't."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from practice.contributions import State
from practice.doctor.examining import Seen, examine, worst
from practice.doctor.mailing import send_test_mail

MARKS = {State.OK: "ok  ", State.WARN: "WARN", State.FAIL: "FAIL"}


class Command(BaseCommand):
    """Look at everything and say what to do."""

    help = (
        "Look at this installation and say what to do about each thing that isn't well. Exits 1 when something fails."
    )
    requires_system_checks: list[str] = []  # one that raises must not keep the others from being seen

    def add_arguments(self, parser: CommandParser) -> None:
        """Which checks, a mail to send, how to print."""
        parser.add_argument("checks", nargs="*", metavar="check", help="look at these alone, e.g. database clock")
        parser.add_argument("--send-mail", metavar="ADDRESS", help="send one mail through the outbox and wait for it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, print, and end with the exit code."""
        seen = []
        for one in examine(options["checks"]):
            seen.append(one)
            self._say(one, options)
        if options["send_mail"]:
            seen.append(Seen("send-mail", send_test_mail(address=options["send_mail"], now=timezone.now())))
            self._say(seen[-1], options)
        state = worst(seen)
        if options["json"]:
            self.stdout.write(json.dumps({"state": state.value, "findings": [one.as_json() for one in seen]}, indent=1))
        else:
            failed = sum(one.finding.state == State.FAIL for one in seen)
            look_at = sum(one.finding.state == State.WARN for one in seen)
            self.stdout.write(f"\n{failed} failed, {look_at} to look at, {len(seen) - failed - look_at} well")
        if state == State.FAIL:
            sys.exit(1)

    def _say(self, one: Seen, options: dict[str, Any]) -> None:
        if options["json"]:
            return
        found = one.finding
        style = {State.WARN: self.style.WARNING, State.FAIL: self.style.ERROR}.get(found.state, str)
        self.stdout.write(f"{style(MARKS[found.state])} {one.check}: {found.says}")
        if found.do:
            self.stdout.write(f"       {found.do}")
