"""Declining a form: "I'd rather not today". Nothing that was typed so far is shown to anybody."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from alliance.domain.judging import tell
from alliance.domain.rating import forms_in
from alliance.models import Rating, RatingStatus
from homework.blocks import SKIPPED
from homework.domain.answering import save_answer, submit
from homework.models import Answer, Assignment
from practice.people.models import User
from practice.tenancy import scope


@transaction.atomic
def decline(*, rating: Rating, by: User, now: datetime) -> Rating:
    """Return the rating, declined, and its form closed. What was already given or declined stays as it is.

    Raises CannotAnswer when the form is closed.
    """
    with scope(practice=rating.practice_id):
        rating = Rating.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=rating.pk)
        if rating.status != RatingStatus.ASKED:
            return rating
        rating.status, rating.decided_at = RatingStatus.DECLINED, now
        rating.save(update_fields=["status", "decided_at"])
        if rating.assignment is not None:
            _close(rating.assignment, rating.instrument, by, now)
        tell(rating=rating, now=now)
        return rating


def _close(assignment: Assignment, instrument: str, by: User, now: datetime) -> None:
    block = forms_in(assignment.activity_version.content)[instrument]
    kept = Answer.objects.filter(response__assignment=assignment, block=block).first()
    save_answer(
        assignment=assignment,
        block_id=block,
        value=dict(SKIPPED),
        rev=kept.rev if kept else 0,
        save_uuid=uuid4(),
        by=by,
        now=now,
    )
    submit(assignment=assignment, by=by, now=now)
