"""The one door to each row of this room: fetched for this person, or not found."""

from django.http import Http404

from alliance.models import Rating, RatingStatus, Signal
from alliance.queries.blind import THERAPIST, sitting_of, visible_to
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


def rating_to_read(seat: Seat, pk: int) -> Rating:
    """Return a given rating of a client of this therapist's, with its assignment. Raises Http404.

    Blind first: while the therapist's own view of the session is open, the client's is not found.
    """
    rows = Rating.objects.select_related("assignment__activity_version", "client__therapist", "appointment")
    found: Rating | None = rows.filter(pk=pk, status=RatingStatus.GIVEN, assignment__isnull=False).first()
    if found is None:
        raise Http404
    client_for(seat, found.client_id)
    if found not in visible_to(THERAPIST, sitting_of(found)):
        raise Http404
    return found


def signal_for(seat: Seat, pk: int) -> Signal:
    """Return a signal about a client of this person's. Raises Http404."""
    found: Signal | None = Signal.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    client_for(seat, found.client_id)
    return found
