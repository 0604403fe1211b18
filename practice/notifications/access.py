"""The one door to an outbox row: an admin of its practice, or not found."""

from django.http import Http404

from practice.notifications.models import Notification
from practice.notifications.tallying import given_up
from practice.people.models import Role
from practice.permissions.seats import Seat
from practice.tenancy import scope


def given_up_for(seat: Seat, pk: int) -> Notification:
    """Return a notification of the seat's practice that was given up. Raises Http404."""
    if not seat.has(Role.ADMIN):
        raise Http404
    with scope(practice=seat.practice):
        row = given_up().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
