"""Background acts: release held messages."""

from celery import shared_task
from django.utils import timezone

from messaging.domain.holding import release_due


@shared_task
def release_held() -> int:
    """Post what was held until now; returns how many went out."""
    return release_due(now=timezone.now())
