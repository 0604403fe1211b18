"""Answers to review: the queue, and one response with what stands before and after it. Constant queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from clients.models import Client, is_cared_for_by
from homework.blocks import BLOCK_TYPES, is_skipped
from homework.models import Response
from homework.queries.questions import questions_of
from practice.people.models import User
from practice.tenancy.compiled import Compiled
from practice.tenancy.counting import Counted
from practice.vault import CannotOpen, warm

A_PAGE, ON_TODAY = 20, 4
WAITING, ANSWERED = "waiting", "answered"


@dataclass(frozen=True)
class Line:
    """A response in the queue. `words` is the first thing the client wrote, "" when nothing was."""

    response: Response
    words: str

    @property
    def minutes(self) -> int:
        """Return a guess of how long reading takes."""
        return max(1, self.response.assignment.activity_version.minutes // 3)


@dataclass(frozen=True)
class Queue:
    """One page of the queue. `waiting` counts all of it."""

    page: Page[Any]
    lines: list[Line]
    waiting: int
    show: str


def to_review(user: User) -> QuerySet[Response]:
    """Return what the user's clients sent back and nobody has read yet."""
    return _of_team(user).filter(reviewed_at__isnull=True)


def waiting_count(user: User) -> int:
    """Return how much waits. One query."""
    return UNREAD.of(user)


UNREAD = Counted(to_review)
NEWEST = Compiled(
    lambda user: (
        to_review(user)
        .select_related("assignment__activity_version", "client")
        .order_by("-submitted_at", "-pk")[:ON_TODAY]
    )
)


def queue(user: User, *, show: str, page: str | None) -> Queue:
    """Return a page of the queue, newest first."""
    rows = to_review(user) if show != ANSWERED else _of_team(user).filter(reviewed_at__isnull=False)
    rows = rows.select_related("assignment__activity_version", "client").order_by("-submitted_at", "-pk")
    found = Paginator(rows.prefetch_related("answers"), A_PAGE).get_page(page)
    responses = list(found.object_list)
    warm(("client", response.client_id) for response in responses)
    waiting = found.paginator.count if show != ANSWERED else waiting_count(user)
    return Queue(page=found, lines=[_line(r) for r in responses], waiting=waiting, show=show)


def review_card(request: HttpRequest, now: datetime) -> Mapping[str, Any] | None:
    """Return the newest of what waits, for the desk's Today; None when nothing does. One query."""
    newest = NEWEST.of(request.user)
    return {"newest": newest} if newest else None


def neighbours(user: User, response: Response) -> tuple[int | None, int | None]:
    """Return the ids of the newer and the older response that wait. Two queries."""
    moment: datetime = response.submitted_at  # type: ignore[assignment]
    rows = to_review(user).exclude(pk=response.pk)
    newer = rows.filter(submitted_at__gte=moment).order_by("submitted_at", "pk").values_list("pk", flat=True).first()
    older = rows.filter(submitted_at__lt=moment).order_by("-submitted_at", "-pk").values_list("pk", flat=True).first()
    return newer, older


def latest_of(client: Client, count: int) -> list[Response]:
    """Return what a client sent back last. One query."""
    rows = readable().filter(client=client)
    return list(rows.select_related("assignment__activity_version").order_by("-submitted_at")[:count])


def _of_team(user: User) -> QuerySet[Response]:
    rows: QuerySet[Response] = readable().filter(is_cared_for_by(user, "client_id"))
    return rows


def readable() -> QuerySet[Response]:
    """Return what clients sent back to be read, which the platform's own forms aren't."""
    sent: QuerySet[Response] = Response.objects.filter(submitted_at__isnull=False, for_review=True)
    return sent


def _line(response: Response) -> Line:
    answers = {answer.block: answer for answer in response.answers.all()}
    for block in questions_of(response.assignment.activity_version.content):
        answer = answers.get(block["id"])
        words = _words(block, answer) if answer else ""
        if words:
            return Line(response, words)
    return Line(response, "")


def _words(block: dict[str, Any], answer: Any) -> str:
    try:
        value = answer.value
    except CannotOpen:
        return ""
    if value is None or is_skipped(value):
        return ""
    return BLOCK_TYPES[block["type"]].summary(block, value)
