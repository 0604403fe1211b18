"""Who belongs to which tab above the caseload."""

from datetime import datetime, timedelta

from django.db.models import Q


def needs_a_look(now: datetime) -> Q:
    """Those about whom something is unresolved."""
    return Q(top_urgency__isnull=False)


def seen_this_week(now: datetime) -> Q:
    """Those with an appointment in the next seven days."""
    return Q(next_at__lt=now + timedelta(days=7))


def not_here_yet(now: datetime) -> Q:
    """Those who have not come in yet."""
    return Q(joined_at__isnull=True)


def standing_in_for(now: datetime) -> Q:
    """Those whose therapist is on leave, with the reader standing in."""
    return Q(on_team=False)
