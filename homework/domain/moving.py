"""The one function that moves an assignment from state to state."""

from homework.models import Assignment, AssignmentStatus
from homework.models.assignment import ALLOWED_MOVES


class CannotMove(Exception):
    """A move that `ALLOWED_MOVES` doesn't have."""


def move(assignment: Assignment, to: AssignmentStatus, **stamps: object) -> Assignment:
    """Return the saved assignment in its new state, with `stamps` (`done_at=now`) set beside it.

    Raises CannotMove; moving to the state it already has changes nothing.
    """
    at = AssignmentStatus(assignment.status)
    if at == to:
        return assignment
    if to not in ALLOWED_MOVES[at]:
        raise CannotMove(f"assignment {assignment.pk} can't go from {at.name} to {to.name}")
    assignment.status = to
    for field, value in stamps.items():
        setattr(assignment, field, value)
    assignment.save(update_fields=["status", *stamps])
    return assignment
