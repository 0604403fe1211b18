"""Clients at work: opening what was sent, answering it, sending it back; and raters filling in a form."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any
from uuid import uuid4

from alliance.management.demo_story import courses, words
from alliance.management.demo_story.people import Person
from homework.domain.answering import open_assignment, save_answer, submit
from homework.models import Assignment
from practice.people.models import User

LOW_WAY = {"talk-about-us": {"slow": 1, "drifting": 2, "drop": 2, "mended": 1}, "small-things": {"slow": 1, "risk": 3}}


def form_of(assignment: Assignment) -> tuple[str, str] | None:
    """Return the instrument that the assignment asks and the block it stands in, or None for a worksheet."""
    for page in assignment.activity_version.content["pages"]:
        for block in page["blocks"]:
            if block["type"] == "instrument":
                return block["instrument"], block["id"]
    return None


def form_answers(
    instrument: str, *, person: Person, along: float, days_left: float, rater: str, chance: Random, risk: int = 0
) -> dict[str, int]:
    """Return what this person, or their therapist, would answer to a form at this point of the way."""
    course = courses.COURSES[person.course]
    if instrument == "phq-9":
        return courses.mood(course, along, chance, risk=risk)
    if instrument == "seq":
        return courses.session(course, along, days_left, rater, chance)
    return courses.check_in(course, along, days_left, rater, chance)


def fill_in(
    *, assignment: Assignment, by: User, answers: Mapping[str, int], now: datetime, finish: bool = True
) -> None:
    """Open a form, answer all of it in one save and send it back, unless it is left half-way."""
    found = form_of(assignment)
    if found is None:
        raise ValueError(f"{assignment} asks no form")
    open_assignment(assignment=assignment, by=by, now=now)
    _save(assignment, found[1], {"answers": dict(answers)}, by, now)
    if finish:
        submit(assignment=assignment, by=by, now=now)


def written_answers(slug: str, *, person: Person, sent_at: datetime, chance: Random) -> dict[str, Any]:
    """Return what this person writes to a worksheet, with its dates counted from the day it was sent."""
    ways = words.answers_to(slug)
    low = LOW_WAY.get(slug, {}).get(person.course)
    chosen = ways[low] if low is not None else ways[chance.randrange(len(ways))]
    return {block: words.dated(value, sent_at.date()) for block, value in chosen.items()}


def begin(*, assignment: Assignment, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """Open a worksheet and answer the pages that are meant for the first day."""
    open_assignment(assignment=assignment, by=by, now=now)
    later = _blocks_for_later(assignment)
    for block, value in answers.items():
        if block not in later:
            _save(assignment, block, value, by, now)


def finish(*, assignment: Assignment, by: User, answers: Mapping[str, Any], now: datetime) -> None:
    """Answer the pages that were left for another day and send all of it back."""
    later = _blocks_for_later(assignment)
    for block, value in answers.items():
        if block in later:
            _save(assignment, block, value, by, now)
    submit(assignment=assignment, page=len(assignment.activity_version.content["pages"]) - 1, by=by, now=now)


def has_later_pages(assignment: Assignment) -> bool:
    """Whether part of it is meant for another day."""
    return bool(_blocks_for_later(assignment))


def _blocks_for_later(assignment: Assignment) -> set[str]:
    pages = assignment.activity_version.content["pages"]
    return {block["id"] for page in pages if page.get("later") for block in page["blocks"]}


def _save(assignment: Assignment, block: str, value: Any, by: User, now: datetime) -> None:
    save_answer(assignment=assignment, block_id=block, value=value, rev=0, save_uuid=uuid4(), by=by, now=now)
