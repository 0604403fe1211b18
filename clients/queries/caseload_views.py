"""Who belongs to which tab above the caseload."""

from datetime import datetime, timedelta

from django.db.models import Q

from clients.models import Appointment, AppointmentStatus, AttentionItem
from clients.queries.attention import UNRESOLVED


def needs_a_look(now: datetime) -> Q:
    """Those about whom something is unresolved."""
    items = AttentionItem.objects.filter(state__in=UNRESOLVED, client__isnull=False)
    return Q(pk__in=items.values("client_id"))


def seen_this_week(now: datetime) -> Q:
    """Those with an appointment in the next seven days."""
    ahead = Appointment.objects.filter(
        status=AppointmentStatus.PLANNED, starts_at__gte=now, starts_at__lt=now + timedelta(days=7)
    )
    return Q(pk__in=ahead.values("client_id"))


def not_here_yet(now: datetime) -> Q:
    """Those who have not come in yet."""
    return Q(joined_at__isnull=True)


def standing_in_for(now: datetime) -> Q:
    """Those whose therapist is on leave, with the reader standing in."""
    return Q(on_team=False)
