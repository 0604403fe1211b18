"""What became of a practice's notifications: by channel and outcome, and what was given up. Kinds and numbers only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from practice.contributions.lanes import LaneFigures
from practice.notifications.models import Channel, Notification, NotificationStatus

DAY, WEEK = timedelta(days=1), timedelta(days=7)
GIVEN_UP: Final = (NotificationStatus.DEAD, NotificationStatus.BOUNCED)
TALLY: Final = """
SELECT channel, status, CASE WHEN status IN (5, 7, 8) THEN last_error ELSE '' END AS reason,
  count(*) FILTER (WHERE done_at > %(day)s), count(*)
FROM practice_notification
WHERE practice_id = %(practice)s AND done_at > %(week)s AND status NOT IN (1, 2)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
FIGURES: Final = """
SELECT count(*) FILTER (WHERE status IN (1, 2) AND not_before <= %(now)s),
  min(not_before) FILTER (WHERE status IN (1, 2) AND not_before <= %(now)s),
  percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - not_before))
    FILTER (WHERE status IN (3, 4) AND done_at > %(since)s)
FROM practice_notification
WHERE practice_id = %(practice)s AND channel = %(channel)s AND (status IN (1, 2) OR done_at > %(since)s)
"""


@dataclass(frozen=True)
class Tally:
    """How many of a practice's notifications ended so, by one channel."""

    channel: Any
    status: Any
    reason: str
    day: int
    week: int


def tally(*, practice_id: int, now: datetime) -> list[Tally]:
    """Return what ended within a week, by channel, outcome and reason. One query."""
    with connection.cursor() as cursor:
        cursor.execute(TALLY, {"practice": practice_id, "day": now - DAY, "week": now - WEEK})
        return [
            Tally(Channel(channel).label, NotificationStatus(status).label, reason, day, week)
            for channel, status, reason, day, week in cursor.fetchall()
        ]


def figures_of(channel: Channel, practice_id: int, now: datetime, since: datetime) -> LaneFigures:
    """Return what waits for a channel, and how long things waited. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            FIGURES, {"practice": practice_id, "channel": channel.value, "now": now, "since": since}
        )  # fmt: skip
        waiting, oldest, p99 = cursor.fetchone()
    return LaneFigures(waiting, oldest, float(p99) if p99 is not None else None)


def given_up() -> QuerySet[Notification]:
    """Return what will not be tried again, newest first, in the open scope."""
    rows: QuerySet[Notification] = Notification.objects.filter(status__in=GIVEN_UP).order_by("-pk")
    return rows


def total(rows: Iterable[Tally]) -> int:
    """Return how many there were within a week."""
    return sum(row.week for row in rows)
