"""Closes what was not done in time: sent homework becomes missed at `closes_at`.

What was never sent is expired by the claim.
"""

from datetime import datetime

from django.db import connection, transaction

from homework.domain import statements


def close_due(*, moment: datetime | None = None, most: int = 1000) -> int:
    """How many assignments were closed undone. What follows them is planned at the planner's next tick."""
    closed: int = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.MISS, {"moment": moment, "limit": most})
            count, enrolments = cursor.fetchone()
            if enrolments:
                cursor.execute(statements.PLAN_ANEW, [enrolments])
        closed += count
        if count < most:
            return closed
