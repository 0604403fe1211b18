"""Making ratings of what was sent back: scores by the instrument's file, then the rupture rule."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from alliance.domain.judging import judge, tell
from alliance.domain.scoring import Scored, score
from alliance.instruments.answers import read_mapping
from alliance.instruments.structure import instrument
from alliance.instruments.wording import wording
from alliance.models import Rating, RatingStatus
from homework.models import Answer, Response
from practice.tenancy import scope

BLOCK = "instrument"


@transaction.atomic
def rate(*, response: Response, now: datetime) -> list[Rating]:
    """Return the ratings of a response that was just sent back: one for each form in it. May be called again.

    A form that was sent after a session has its rating already, which is completed; one that stood in ordinary
    homework gets a new rating without a session. A form left wholly empty counts as declined.
    """
    with scope(practice=response.practice_id):
        answers = {answer.block: answer for answer in Answer.objects.filter(response=response)}
        forms = forms_in(response.assignment.activity_version.content)
        ratings = [_rate(response, name, answers.get(block), now) for name, block in forms.items()]
        for rating in ratings:
            if rating.status == RatingStatus.GIVEN:
                judge(rating=rating, now=now)
            tell(rating=rating, now=now)
        return ratings


def forms_in(content: dict[str, Any]) -> dict[str, str]:
    """Return the instruments that an activity asks, each with the block that asks it first."""
    found: dict[str, str] = {}
    for block in _blocks(content):
        if block["type"] == BLOCK:
            found.setdefault(block["instrument"], block["id"])
    return found


def scored(name: str, value: Any) -> Scored | None:
    """Return the scores of an instrument block's answer, or None when no item was answered."""
    given = value.get("answers", {}) if isinstance(value, dict) else {}
    if all(answer is None for answer in given.values()):
        return None
    found = instrument(name)
    return score(found, read_mapping(found, given))


def _rate(response: Response, name: str, answer: Answer | None, now: datetime) -> Rating:
    assignment = response.assignment
    rating = Rating.objects.select_for_update(of=("self",)).filter(assignment=assignment, instrument=name).first()
    if rating is None:
        rating = Rating(
            practice_id=response.practice_id,
            client_id=response.client_id,
            assignment=assignment,
            instrument=name,
            rater=assignment.rater,
            asked_at=assignment.sent_at or now,
        )
    if rating.status != RatingStatus.ASKED:
        return rating
    result = scored(name, answer.value if answer else None)
    rating.status = RatingStatus.GIVEN if result else RatingStatus.DECLINED
    rating.scores = result.as_json() | {"answers": answer.value["answers"]} if result and answer else None
    rating.instrument_version = instrument(name).version
    rating.wording = wording(name, assignment.rater, response.client.language).pack
    rating.rated_by = response.author
    rating.decided_at = now
    rating.save()
    return rating


def _blocks(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for page in content["pages"]:
        yield from page["blocks"]
