"""`manage.py score`: scores answers from the command line, without a database."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from alliance.domain.scoring import Scored, score
from alliance.instruments.answers import read_line
from alliance.instruments.structure import UnknownInstrument, instrument

USED_WRONGLY = 2


class Command(BaseCommand):
    """One JSON object for one set of answers, or one a line from standard input."""

    help = "Scores answers to an instrument: score phq-9 --answers 1,0,,2,1,0,1,0,0 (or lines: score -)"
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Run; answers that begin with a minus sign are joined to their option, or they would pass for one."""
        super().run_from_argv(joined(argv))

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The instrument or `-`, the answers, and what may be said about them."""
        parser.add_argument("instrument", help="the instrument's id, or - to read lines “INSTRUMENT answers”")
        parser.add_argument(
            "--answers", help="one place an item, separated by commas; an empty place is a missing answer"
        )
        parser.add_argument("--rater", choices=("client", "therapist", "observer"), help="who answered")
        parser.add_argument("--bands", default="", help="which set of bands, where an instrument offers several")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the result, or end with status 2 and one line that names the item."""
        if options["instrument"] == "-":
            self._lines(options)
            return
        try:
            if options["answers"] is None:
                raise ValueError("--answers is needed: one place an item, separated by commas")
            found = scored(options["instrument"], options["answers"], options["rater"], options["bands"])
        except ValueError as problem:
            self.stderr.write(str(problem))
            sys.exit(USED_WRONGLY)
        self.stdout.write(json.dumps(found.as_json()))

    def _lines(self, options: dict[str, Any]) -> None:
        """One object a line; what can't be scored becomes an error object, and the reading goes on."""
        for line in sys.stdin:
            if not line.strip():
                continue
            name, answers = [*line.split(None, 1), ""][:2]
            try:
                result = scored(name, answers.strip(), options["rater"], options["bands"]).as_json()
            except ValueError as problem:
                result = {"error": str(problem)}
            self.stdout.write(json.dumps(result))


def joined(argv: list[str]) -> list[str]:
    """The arguments with `--answers X` as one word, so that X may begin with a minus sign."""
    if "--answers" not in argv[:-1]:
        return argv
    place = argv.index("--answers")
    return [*argv[:place], f"--answers={argv[place + 1]}", *argv[place + 2 :]]


def scored(name: str, answers: str, rater: str | None, band_set: str) -> Scored:
    """The scores of one line of answers. Raises ValueError with a sentence for the person who typed it."""
    found = instrument(name)
    if rater and rater not in found.raters:
        raise UnknownInstrument(f"{name} has no {rater} form")
    if band_set and band_set not in found.band_sets:
        raise UnknownInstrument(f"{name} has no set of bands {band_set[:40]!r}")
    return score(found, read_line(found, answers), band_set=band_set)
