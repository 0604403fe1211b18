"""The one door to each row: fetched for this person, or not found."""

from typing import Any

import rules
from django.http import Http404

from homework.models import Activity, Assignment, Enrolment, Origin, Pathway, Response
from homework.queries.review import readable
from practice.permissions.seats import Seat


def assignment_to_fill(seat: Seat | None, pk: int) -> Assignment:
    """Return an assignment that was sent to this person. Raises Http404 for every other."""
    rows = Assignment.objects.select_related("activity_version__activity", "client__therapist")
    found = rows.filter(pk=pk).first() if seat else None
    if found is None or not rules.has_perm("homework.fill_in", seat, found):
        raise Http404
    assignment: Assignment = found
    return assignment


def activity_for(seat: Seat | None, pk: int, *, to: str = "open") -> Activity:
    """Return an activity of the practice for someone at the desk; `to` is "open" or "change". Raises Http404."""
    rows = Activity.objects.exclude(origin=Origin.SYSTEM).select_related("latest")
    return _allowed(seat, rows.filter(pk=pk).first() if seat else None, f"homework.{to}_activity")  # type: ignore[no-any-return]


def pathway_for(seat: Seat | None, pk: int, *, to: str = "open") -> Pathway:
    """Return a pathway of the practice for someone at the desk; `to` is "open" or "change". Raises Http404."""
    rows = Pathway.objects.exclude(origin=Origin.SYSTEM).select_related("latest")
    return _allowed(seat, rows.filter(pk=pk).first() if seat else None, f"homework.{to}_pathway")  # type: ignore[no-any-return]


def library_door(seat: Seat | None) -> Seat:
    """Return the seat of someone who may look into the library. Raises Http404."""
    return _allowed(seat, seat, "homework.open_library")  # type: ignore[no-any-return]


def workshop_door(seat: Seat | None) -> Seat:
    """Return the seat of someone who may make activities and pathways. Raises Http404."""
    return _allowed(seat, seat, "homework.add_activity")  # type: ignore[no-any-return]


def enrolment_to_steer(seat: Seat | None, pk: int) -> Enrolment:
    """Return an enrolment of a client whom this therapist treats. Raises Http404."""
    rows = Enrolment.objects.select_related("client", "pathway_version__pathway")
    return _allowed(seat, rows.filter(pk=pk).first() if seat else None, "homework.steer")  # type: ignore[no-any-return]


def assignment_to_steer(seat: Seat | None, pk: int) -> Assignment:
    """Return an assignment of a client whom this therapist treats. Raises Http404."""
    rows = Assignment.objects.select_related("client", "enrolment", "activity_version")
    return _allowed(seat, rows.filter(pk=pk).first() if seat else None, "homework.steer")  # type: ignore[no-any-return]


def response_to_review(seat: Seat | None, pk: int) -> Response:
    """Return a sent response of a client whom this therapist treats. Raises Http404."""
    if seat is None:
        raise Http404
    rows = readable().select_related("client__therapist", "assignment__activity_version", "author")
    sent = rows.prefetch_related("answers", "comments__author").filter(pk=pk)
    return _allowed(seat, sent.first(), "homework.review")  # type: ignore[no-any-return]


def _allowed(seat: Seat | None, row: Any, permission: str) -> Any:
    if seat is None or row is None or not rules.has_perm(permission, seat, row):
        raise Http404
    return row
