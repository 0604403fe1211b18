"""Joins what waits for one person by one channel into one notification, and parts it again when that one isn't sent.

What is essential, and what has words of its own (a code), stands for itself. While a row of a person is being sent,
the lease leaves their others alone: two workers can't write to one person at the same time.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection

from practice.contributions import NOTIFICATION_KINDS, NotificationKind
from practice.notifications import statements
from practice.notifications.models import Notification

PART: Final = statements.PART.format(leads="unnest(%(leads)s::bigint[]) AS lead (id)", users="%(users)s::bigint[]")


def joins(row: Notification, kind: NotificationKind) -> bool:
    """Whether the row may become part of another."""
    return not kind.essential and not row.has_own_words


def alone() -> list[int]:
    """Numbers of the kinds that are never joined."""
    return [kind.number for kind in NOTIFICATION_KINDS if kind.essential]


def join_the_rest(leads: Mapping[int, Notification], *, moment: datetime | None) -> None:
    """Let each of these rows, by user, stand for whatever else is ready for the same person by the same channel."""
    if not leads:
        return
    first = next(iter(leads.values()))
    params: dict[str, Any] = {
        "channel": first.channel,
        "practices": list({row.practice_id for row in leads.values()}),
        "users": list(leads),
        "into": [row.pk for row in leads.values()],
        "essential": alone(),
        "moment": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.COLLAPSE, params)


def part(user_ids: Collection[int], leads: Collection[int]) -> int:
    """How many rows stand for themselves again, because the ones they were joined into will not be sent.

    Rows of other practices too: who is in two is written to once for both.
    """
    with connection.cursor() as cursor:
        cursor.execute(PART, {"leads": list(leads), "users": list(user_ids)})
        return int(cursor.rowcount)
