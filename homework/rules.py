"""Who may do what with homework. Whose client someone is, is decided in `clients.rules`."""

import rules

from clients.rules import at_desk, is_therapist, on_care_team, works_with
from homework.models import Activity, Assignment, AssignmentStatus, Enrolment, Origin, Pathway, Response
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


@rules.predicate
def is_ours(seat: Seat, row: Activity | Pathway) -> bool:
    """Of the same practice."""
    return row is not None and row.practice_id == seat.practice.pk


@rules.predicate
def was_made_here(seat: Seat, row: Activity | Pathway) -> bool:
    """Made in the practice; what ships with Rapport is copied first."""
    return row.origin == Origin.OWN


@rules.predicate
def treats_its_client(seat: Seat, row: Assignment | Enrolment | Response) -> bool:
    """On the care team of the client whom the row is about."""
    return bool(on_care_team(seat, row.client))


@rules.predicate
def reads_its_client(seat: Seat, row: Response) -> bool:
    """On that care team, or standing in for its therapist now."""
    return bool(works_with(seat, row.client))


rules.add_perm("homework.open_library", at_desk)
rules.add_perm("homework.add_activity", at_desk & is_therapist)
rules.add_perm("homework.open_activity", at_desk & is_ours)
rules.add_perm("homework.change_activity", at_desk & is_therapist & is_ours & was_made_here)
rules.add_perm("homework.open_pathway", at_desk & is_ours)
rules.add_perm("homework.change_pathway", at_desk & is_therapist & is_ours & was_made_here)
rules.add_perm("homework.steer", at_desk & is_therapist & treats_its_client)
rules.add_perm("homework.review", at_desk & is_therapist & reads_its_client)
