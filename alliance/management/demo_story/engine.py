"""The engine's beat at a moment of the story: plan, send, close, as beat and workers do, and quietly."""

from datetime import datetime

from homework.domain.expiring import close_due
from homework.domain.planning import plan_due
from homework.domain.sending import drain


def tick(*, now: datetime) -> None:
    """Close what is over, plan what comes next, send what is due at this moment."""
    close_due(moment=now)
    plan_due(now=now)
    send_quietly(now=now)


def send_quietly(*, now: datetime) -> None:
    """Send what is due. The outbox rows count as accepted already: nothing reaches a provider."""
    drain(moment=now, seconds=None, quiet=True)
