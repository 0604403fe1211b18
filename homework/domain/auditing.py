"""Proves hourly that the claim may trust its rows: it joins no state of client or enrolment."""

import logging
from dataclasses import dataclass

from django.db import connection

from homework.domain import statements

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Findings:
    """Ids that must not be."""

    scheduled_under_stopped: list[int]
    running_without_future: list[int]


def audit_plans() -> Findings:
    """What breaks the two rules: nothing scheduled under what doesn't run, nothing running without a future."""
    with connection.cursor() as cursor:
        cursor.execute(statements.AUDIT_SCHEDULED)
        scheduled = [row[0] for row in cursor.fetchall()]
        cursor.execute(statements.AUDIT_RUNNING)
        running = [row[0] for row in cursor.fetchall()]
    if scheduled or running:
        logger.error(
            "auditor: assignments %s under stopped parents, enrolments %s without a future", scheduled, running
        )
    return Findings(scheduled, running)
