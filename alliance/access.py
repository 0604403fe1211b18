"""The one door to each row of this room: fetched for this person, or not found."""

from django.http import Http404

from alliance.models import Rating, RatingStatus, Signal
from clients.access import client_for
from practice.permissions.seats import Seat


def rating_to_give(seat: Seat, pk: int) -> Rating:
    """Return a form that this person was asked and has not decided on. Raises Http404 for every other."""
    found: Rating | None = (
        Rating.objects.select_related("assignment__activity_version", "client__therapist", "appointment")
        .filter(pk=pk, rated_by_id=seat.user.pk, status=RatingStatus.ASKED, assignment__sent_at__isnull=False)
        .first()
    )
    if found is None:
        raise Http404
    return found


def signal_for(seat: Seat, pk: int) -> Signal:
    """Return a signal about a client of this person's. Raises Http404."""
    found: Signal | None = Signal.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    client_for(seat, found.client_id)
    return found
