"""The one door to rows about staff: for admins of the practice, or "not found"."""

from django.http import Http404

from practice.accounts.models import StaffInvitation
from practice.people.models import Membership, Role
from practice.permissions.seats import DESK, Seat


def as_admin(seat: Seat | None) -> Seat:
    """Return the seat of someone who runs the practice, at the desk. Raises Http404 for others."""
    if seat is None or seat.door != DESK or not seat.has(Role.ADMIN):
        raise Http404
    return seat


def member_for(seat: Seat | None, pk: int) -> Membership:
    """Return a member of the practice's staff, also one who left. Raises Http404."""
    rows = Membership.objects.filter(practice=as_admin(seat).practice).select_related("user", "practice")
    return _found(rows.filter(pk=pk).first())


def invitation_for(seat: Seat | None, pk: int) -> StaffInvitation:
    """Return an invitation to the practice's staff. Raises Http404."""
    rows = StaffInvitation.objects.filter(practice=as_admin(seat).practice).select_related("user", "practice")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _found(member: Membership | None) -> Membership:
    if member is None:
        raise Http404
    return member
