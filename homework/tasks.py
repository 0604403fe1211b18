"""What beat and receivers nudge. Tasks may be lost, doubled or late: the rows are the truth."""

from celery import shared_task
from django.utils import timezone

from homework.domain.auditing import audit_plans
from homework.domain.expiring import close_due
from homework.domain.planning import plan_due
from homework.domain.sending import drain
from practice.notifications.holding import PLANNER, OnHold, begin_tick, end_tick


@shared_task(expires=60)  # a nudge that nobody took within a minute is no longer needed
def engine_tick() -> None:
    """Send what is due."""
    drain()


@shared_task
def planner_tick() -> None:
    """Close what ran out, plan what has come near."""
    try:
        begin_tick(PLANNER)
    except OnHold:
        return
    close_due()
    plan_due(now=timezone.now())
    end_tick(PLANNER)


@shared_task
def auditor_tick() -> None:
    """Prove that the claim may trust its rows."""
    audit_plans()
