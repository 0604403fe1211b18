"""Background acts of this room: each reads the clock and calls one verb."""

from celery import shared_task
from django.utils import timezone

from alliance.domain.judging import tell_what_waited


@shared_task(ignore_result=True)
def signals_tick() -> None:
    """Tell what waited for a therapist's form that has closed unanswered."""
    tell_what_waited(now=timezone.now())
