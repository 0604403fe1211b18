"""`manage.py engine status | hold | release`: look at the lanes, stop them, let them go."""

from datetime import datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from homework.domain.releasing import Due, catch_up, hold_by_hand, release, what_would_go
from homework.queries.lanes import lanes
from practice.clock import duration_said
from practice.management.agreeing import agreed
from practice.notifications.holding import PLANNER

BEYOND: Final = "not counted: mails about these, and steps that are planned only once these are sent, closed or lost"


class Command(BaseCommand):
    """Look after the timed-send engine."""

    help = "Show the engine's lanes, hold them, or release them after a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        """An act, and for a release the moment before which due things are lost."""
        parser.add_argument("act", choices=["status", "hold", "release"])
        parser.add_argument(
            "--lose-before", help="UTC moment such as 2026-03-27T10:00: what was due earlier is not sent"
        )
        parser.add_argument("--yes", action="store_true", help="release without asking")
        parser.add_argument("--reason", default="held by hand", help="why, for the others")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the act."""
        before = _moment(options["lose_before"])
        if options["act"] == "status":
            self._status()
        elif options["act"] == "hold":
            hold_by_hand(reason=options["reason"], now=timezone.now())
            self.stdout.write("Held. Nothing leaves until: manage.py engine release")
        else:
            self._release(before, sure=options["yes"])

    def _status(self) -> None:
        for lane in lanes(now=timezone.now()):
            state = f"on hold: {lane.hold_reason}" if lane.hold else "running"
            silence = f"{duration_said(lane.silent_for)} ago" if lane.silent_for is not None else "never"
            sent = "" if lane.name == PLANNER else f"; {lane.sent_total} sent"
            self.stdout.write(f"{lane.name}: {state}; last tick {silence}{sent}")
        self._say(what_would_go(lose_before=None))

    def _release(self, before: datetime | None, *, sure: bool) -> None:
        catch_up(now=timezone.now())
        self._say(what_would_go(lose_before=before))
        self.stdout.write(BEYOND)
        if not sure and not agreed("Release?"):
            raise CommandError("Not released. To release without being asked: --yes")
        release(lose_before=before)
        self.stdout.write("Released.")

    def _say(self, due: Due) -> None:
        self.stdout.write(f"would leave: {_counted(due.sends, due.mails, due.messages)}")
        if due.sends_lost or due.mails_lost or due.messages_lost:
            lost = _counted(due.sends_lost, due.mails_lost, due.messages_lost)
            self.stdout.write(f"would be lost as too old: {lost}")
        if due.to_plan:
            self.stdout.write(f"not counted: what {due.to_plan} pathways have yet to plan; a release plans it first")


def _counted(sends: int, mails: int, messages: int) -> str:
    return f"{sends} sends, {mails} notifications, {messages} messages written for later"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--lose-before {text!r} is no moment such as 2026-03-27T10:00", returncode=2) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
