"""Who may do what with homework. Whose client someone is, is decided in `clients.rules`."""

import rules

from homework.models import Assignment, AssignmentStatus
from practice.permissions.seats import DESK, PORTAL, Seat

HIDDEN = (
    AssignmentStatus.PLANNED,
    AssignmentStatus.SCHEDULED,
    AssignmentStatus.HELD,
    AssignmentStatus.CANCELLED,
    AssignmentStatus.SKIPPED,
    AssignmentStatus.EXPIRED,
    AssignmentStatus.WITHDRAWN,
)


@rules.predicate
def fills_in(seat: Seat, assignment: Assignment) -> bool:
    """Sent to this person, at the door where they fill in: clients at the portal, therapists at the desk."""
    door = PORTAL if assignment.rater == "client" else DESK
    return seat.door == door and assignment.recipient_id == seat.user.pk and assignment.status not in HIDDEN


rules.add_perm("homework.fill_in", fills_in)
