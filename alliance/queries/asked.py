"""Which rating a form belongs to."""

from alliance.models import Rating, RatingStatus
from homework.models import Assignment


def rating_asked(assignment: Assignment, instrument: str) -> Rating | None:
    """Return the open rating that an assignment was sent for, or None. One query."""
    found: Rating | None = Rating.objects.filter(
        assignment=assignment, instrument=instrument, status=RatingStatus.ASKED
    ).first()
    return found
