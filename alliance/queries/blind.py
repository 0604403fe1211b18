"""Blind first: nobody sees the other's rating of a session before giving or declining their own."""

from collections.abc import Iterable

from alliance.models import Rating, RatingStatus
from homework.models import AssignmentStatus

THERAPIST = "therapist"
_OVER = frozenset(
    {
        AssignmentStatus.SKIPPED,
        AssignmentStatus.CANCELLED,
        AssignmentStatus.EXPIRED,
        AssignmentStatus.MISSED,
        AssignmentStatus.WITHDRAWN,
    }
)


def is_decided(rating: Rating) -> bool:
    """Whether this form can no longer be influenced: given, declined, or closed undone.

    Reads the rating's assignment: fetch it along.
    """
    if rating.status != RatingStatus.ASKED:
        return True
    return rating.assignment is not None and rating.assignment.status in _OVER


def visible_to(rater: str, ratings: Iterable[Rating]) -> list[Rating]:
    """The ratings that this side may see: its own, and the other's of each session where its own is decided.

    A rating without a session, or of a form that this side was not asked, waits for nobody.
    """
    listed = list(ratings)
    waiting = {_sitting(rating) for rating in listed if rating.rater == rater and not is_decided(rating)}
    return [rating for rating in listed if rating.rater == rater or _sitting(rating) not in waiting]


def sitting_of(rating: Rating) -> list[Rating]:
    """Both sides' ratings of the same session on the same form, this one among them. One query at most."""
    if rating.appointment_id is None:
        return [rating]
    rows = Rating.objects.filter(appointment_id=rating.appointment_id, instrument=rating.instrument)
    return list(rows.select_related("assignment", "client"))


def _sitting(rating: Rating) -> tuple[int | None, str] | tuple[None, int]:
    """What two ratings have in common that look at the same session; without a session, the rating alone."""
    return (rating.appointment_id, rating.instrument) if rating.appointment_id else (None, rating.pk)
