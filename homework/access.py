"""The one door to each row: fetched for this person, or not found."""

import rules
from django.http import Http404

from homework.models import Assignment
from practice.permissions.seats import Seat


def assignment_to_fill(seat: Seat | None, pk: int) -> Assignment:
    """Return an assignment that was sent to this person. Raises Http404 for every other."""
    rows = Assignment.objects.select_related("activity_version__activity", "client__therapist")
    found = rows.filter(pk=pk).first() if seat else None
    if found is None or not rules.has_perm("homework.fill_in", seat, found):
        raise Http404
    assignment: Assignment = found
    return assignment
