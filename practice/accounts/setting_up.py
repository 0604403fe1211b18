"""What an admin says while a practice is set up, kept in the practice's settings under "setup"."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from practice.audit import record
from practice.contributions import SETUP_STEPS
from practice.people.models import Practice, Role, User
from practice.permissions.seats import Seat
from practice.tenancy import scope

SAID: Final = {"hidden", "alone"}  # put the checklist away; I work alone


class CannotSay(Exception):
    """A word that the checklist doesn't know."""


def said(practice: Practice, key: str) -> Any:
    """Return what was said about this, or None."""
    return practice.settings.get("setup", {}).get(key)


def say(*, practice: Practice, key: str, by: User, now: datetime) -> None:
    """Keep one of SAID. Raises CannotSay."""
    if key not in SAID:
        raise CannotSay(key)
    keep(practice=practice, key=key, value=True, by=by, now=now)


@transaction.atomic
def keep(*, practice: Practice, key: str, value: Any, by: User, now: datetime) -> None:
    """Keep a fact about setting up, whatever else is being changed about the practice."""
    row = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    row.settings["setup"] = {**row.settings.get("setup", {}), key: value}
    row.save(update_fields=["settings"])
    practice.settings = row.settings
    with scope(practice=row):
        record("practice_changed", practice_id=row.pk, by=by, now=now, subject=row)


def steps_of(seat: Seat) -> list[dict[str, Any]]:
    """Return each step with whether it is done, as the data says now."""
    return [{"key": key, "step": step, "done": step.is_done(seat)} for key, step in SETUP_STEPS.items()]


def is_over(seat: Seat) -> bool:
    """Return whether there is nothing to show: not for this person, put away, or done before. No query."""
    return not seat.has(Role.ADMIN) or bool(said(seat.practice, "hidden") or said(seat.practice, "done"))
