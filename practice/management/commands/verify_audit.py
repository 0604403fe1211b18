"""`manage.py verify_audit`: is the trail whole? One JSON line; what is wrong goes to stderr, and into the exit code."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.audit.verifying import Heads, Report, verify

LATE_SECONDS = 15 * 60
BROKEN, LATE = 1, 3


class Command(BaseCommand):
    """Check the audit trail."""

    help = "Check every chain of the audit trail. Exit code 0: whole, 1: broken, 3: the sealer is late."

    def add_arguments(self, parser: CommandParser) -> None:
        """Heads to print, heads to compare with."""
        parser.add_argument(
            "--heads", action="store_true", help="print each chain's length and last hash, to keep elsewhere"
        )
        parser.add_argument("--against", metavar="FILE", help="compare with heads printed earlier ('-' is stdin)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and say."""
        report = verify(now=timezone.now(), kept=_kept(options["against"]))
        for finding in report.findings:
            self.stderr.write(str(finding))
        self.stdout.write(json.dumps(_line(report, heads=options["heads"])))
        if report.broken:
            raise CommandError(f"The trail is broken in {report.broken} places.", returncode=BROKEN)
        if report.unsealed_seconds > LATE_SECONDS:
            raise CommandError(
                f"The trail is whole, but {report.unsealed} events have been waiting for their seal for "
                f"{report.unsealed_seconds / 60:.0f} minutes: does the worker run?",
                returncode=LATE,
            )


def _line(report: Report, *, heads: bool) -> dict[str, Any]:
    line: dict[str, Any] = {
        "whole": not report.broken,
        "links": report.links,
        "chains": len(report.heads),
        "broken": report.broken,
        "first": str(report.findings[0]) if report.findings else None,
        "without_key": report.unkeyed,
        "unsealed": report.unsealed,
        "unsealed_seconds": round(report.unsealed_seconds),
        "seconds": round(report.seconds, 1),
    }
    if heads:
        line["heads"] = {str(chain): list(head) for chain, head in sorted(report.heads.items())}
    return line


def _kept(name: str | None) -> Heads | None:
    if name is None:
        return None
    try:
        text = Path("/dev/stdin" if name == "-" else name).read_text()
        heads = json.loads(text)["heads"]
        return {int(chain): (int(seq), str(digest)) for chain, (seq, digest) in heads.items()}
    except OSError as error:
        raise CommandError(f"{name} can't be read: {error.strerror}.", returncode=2) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{name} holds no heads as `verify_audit --heads` prints them.", returncode=2) from error
