"""Opening, answering and sending back an assignment.

A save carries a uuid (the same save twice is one save) and the revision it was made on top of (a save on top of an
older revision is refused, with both texts kept). Whatever arrives is announced, refused or not: a risk answer counts
the moment it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from homework import events
from homework.blocks import BLOCK_TYPES
from homework.domain import planning
from homework.domain.moving import move
from homework.models import Answer, Assignment, AssignmentStatus, Origin, Response
from homework.models.assignment import OPEN_STATES
from homework.queries.questions import questions_of
from practice.people.models import User
from practice.tenancy import scope


class CannotAnswer(Exception):
    """The assignment takes no answer any more; the message says why, in words for its reader."""


class UnknownBlock(Exception):
    """A block that this activity doesn't have, or that asks nothing."""


@dataclass(frozen=True)
class Saved:
    """The answer as it now stands.

    Nothing was written when `conflict` is set (another text was there) or `closed` (a sentence: why it is too late).
    """

    block: str
    rev: int
    value: Any
    saved_at: datetime
    conflict: bool = False
    closed: Any | None = None


@transaction.atomic
def open_assignment(*, assignment: Assignment, by: User, now: datetime) -> Assignment:
    """Return the assignment, opened. May be called again."""
    with scope(practice=assignment.practice_id):
        if assignment.status == AssignmentStatus.SENT and refusal(assignment, now) is None:
            move(assignment, AssignmentStatus.OPENED, opened_at=now)
        return assignment


@transaction.atomic
def save_answer(
    *, assignment: Assignment, block_id: str, value: Any, rev: int, save_uuid: UUID, by: User, now: datetime
) -> Saved:
    """Return the answer as it stands after this save. Locks the response.

    `value` None empties the answer. Raises BadAnswer and UnknownBlock.
    """
    with scope(practice=assignment.practice_id):
        block = _question(assignment, block_id)
        if value is not None:
            value = BLOCK_TYPES[block["type"]].clean_answer(block, value)
        response = _locked_response(assignment, by, now)
        reason = refusal(response.assignment, now)
        if reason:
            saved = Saved(block_id, rev, None, now, closed=reason)
        else:
            _start(response.assignment, now)
            saved = _write(response, block_id, value, rev=rev, save_uuid=save_uuid, now=now)
        refused = saved.conflict or saved.closed is not None
        events.answer_saved.send(
            sender=Response, response=response, block=block, value=value, refused=refused, by=by, now=now
        )
        return saved


def refusal(assignment: Assignment, now: datetime) -> Any | None:
    """Return why the assignment takes no answer (a sentence), or None when it does."""
    if assignment.status == AssignmentStatus.DONE:
        return _("You have already sent this. Write to your therapist if you want to add something.")
    if assignment.rater == "client" and assignment.client.has_ended:
        return _("Our work here has ended. Your words are kept on this page, so that you can copy them.")
    if assignment.status not in OPEN_STATES or (assignment.closes_at and assignment.closes_at <= now):
        return _("This is closed now. Your words are kept on this page, so that you can copy them into a message.")
    return None


@transaction.atomic
def submit(*, assignment: Assignment, page: int = 0, by: User, now: datetime) -> Response:
    """Return the response, sent back for good. Sending twice is sending once. Raises CannotAnswer."""
    with scope(practice=assignment.practice_id):
        planning.locked(assignment.enrolment_id)  # before its rows, as everything that plans does
        response = _locked_response(assignment, by, now)
        if response.submitted_at is not None:
            return response
        reason = refusal(response.assignment, now)
        if reason:
            raise CannotAnswer(reason)
        response.submitted_at, response.page = now, page
        response.for_review = _is_for_review(assignment)
        response.save(update_fields=["submitted_at", "page", "for_review"])
        _start(response.assignment, now)
        move(response.assignment, AssignmentStatus.DONE, done_at=now)
        events.submitted.send(sender=Response, response=response, by=by, now=now)
        return response


@transaction.atomic
def turn_page(*, assignment: Assignment, page: int, by: User, now: datetime) -> Response:
    """Return the response with the page on which its author goes on, on whatever device."""
    with scope(practice=assignment.practice_id):
        response = _locked_response(assignment, by, now)
        if response.submitted_at is None:
            response.page = page
            response.save(update_fields=["page"])
        return response


def answers_of(response: Response | None) -> Mapping[str, Answer]:
    """Return a response's answers by block id."""
    return {answer.block: answer for answer in response.answers.all()} if response else {}


def _question(assignment: Assignment, block_id: str) -> dict[str, Any]:
    for block in questions_of(assignment.activity_version.content):
        if block["id"] == block_id:
            return block
    raise UnknownBlock(block_id)


def _locked_response(assignment: Assignment, by: User, now: datetime) -> Response:
    """Lock assignment and response, in that order, as every verb here does."""
    locked = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    response, _made = Response.objects.get_or_create(
        assignment=locked,
        defaults={"practice_id": locked.practice_id, "client_id": locked.client_id, "author": by, "started_at": now},
    )
    response.assignment = locked
    return response


def _is_for_review(assignment: Assignment) -> bool:
    return assignment.rater == "client" and assignment.activity_version.activity.origin != Origin.SYSTEM


def _start(assignment: Assignment, now: datetime) -> None:
    if assignment.status in {AssignmentStatus.SENT, AssignmentStatus.OPENED}:
        move(assignment, AssignmentStatus.STARTED, started_at=now)


def _write(response: Response, block_id: str, value: Any, *, rev: int, save_uuid: UUID, now: datetime) -> Saved:
    answer = Answer.objects.filter(response=response, block=block_id).first()
    if answer is None:
        answer = Answer(
            practice_id=response.practice_id, client_id=response.client_id, response=response, block=block_id, rev=0
        )
    elif answer.save_uuid == save_uuid:
        return Saved(block_id, answer.rev, answer.value, answer.saved_at)
    elif answer.rev != rev and answer.value != value:
        return Saved(block_id, answer.rev, answer.value, answer.saved_at, conflict=True)
    answer.rev, answer.save_uuid, answer.value, answer.saved_at = answer.rev + 1, save_uuid, value, now
    answer.save()
    return Saved(block_id, answer.rev, answer.value, answer.saved_at)
