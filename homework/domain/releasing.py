"""Lets the engine go after a hold: says what would leave, loses what is too old, binds the lanes to this database."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from homework.domain import statements
from homework.domain.expiring import close_due
from homework.domain.planning import plan_due
from practice.notifications import holding
from practice.notifications.models import EngineLane


@dataclass(frozen=True)
class Due:
    """What would leave, and what would be lost as too old."""

    sends: int
    sends_lost: int
    mails: int
    mails_lost: int
    messages: int
    messages_lost: int
    to_plan: int  # pathways whose plan has run out: what they have missed is in no list before it is planned


def what_would_go(*, lose_before: datetime | None) -> Due:
    """Counts of what is due or ready now, parted at `lose_before`. Writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statements.WOULD_GO, {"before": lose_before})
        return Due(*cursor.fetchone())


def catch_up(*, now: datetime) -> None:
    """Close what ran out and plan what came near, so that it is counted, and lost with the rest. Nothing leaves."""
    close_due()
    plan_due(now=now, seconds=float("inf"))


@transaction.atomic
def release(*, lose_before: datetime | None) -> Due:
    """Expire what was due before `lose_before`, then let every lane go. Returns what was said before."""
    due = what_would_go(lose_before=lose_before)
    if lose_before is not None:
        with connection.cursor() as cursor:
            cursor.execute(statements.LOSE_SENDS, {"before": lose_before})
            cursor.execute(statements.LOSE_MAILS, {"before": lose_before})
            cursor.execute(statements.LOSE_MESSAGES, {"before": lose_before})
    holding.release_all()
    return due


def hold_by_hand(*, reason: str, now: datetime) -> None:
    """Let nothing leave until released."""
    for lane in (holding.SENDS, holding.PLANNER):
        if not EngineLane.objects.filter(name=lane).exists():
            holding.bind(lane, holding.look(lane))
    holding.hold_all(reason=reason, now=now)
