"""Closes what was not done in time: sent homework becomes missed at `closes_at`.

What was never sent is expired by the claim.
"""

from datetime import datetime

from django.db import connection, transaction

from homework.domain import statements


def close_due(*, moment: datetime | None = None, most: int = 1000) -> int:
    """How many assignments were closed undone. What follows them is planned at the planner's next tick.

    The enrolments are locked before their rows, as everything that plans does.
    """
    closed: int = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.CLOSED, {"moment": moment, "limit": most})
            ids, enrolments = cursor.fetchone()
            if not ids:
                return closed
            cursor.execute(statements.PLAN_ANEW, [enrolments])
            cursor.execute(statements.MISS, {"moment": moment, "ids": ids})
            count = cursor.rowcount
        closed += count
        if count < most:  # the rest is being answered this moment
            return closed
