"""One page of an assignment, as its recipient sees it. Constant queries: assignment, response, answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homework.blocks import BLOCK_TYPES
from homework.models import Answer, Assignment, Response


@dataclass
class BlockView:
    """A block with what its template needs: `name` is the form field's, `other` a text saved elsewhere meanwhile."""

    block: dict[str, Any]
    template: str
    asks: bool
    value: Any = None
    rev: int = 0
    error: str = ""
    other: str = ""
    comments: list[Any] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name of its form fields."""
        return str(self.block["id"])


@dataclass(frozen=True)
class RunnerPage:
    """`number` counts from 1."""

    assignment: Assignment
    number: int
    count: int
    title: str
    later: bool
    blocks: list[BlockView]

    @property
    def is_last(self) -> bool:
        """Return whether the form is sent from here."""
        return self.number == self.count

    @property
    def later_ahead(self) -> bool:
        """Return whether the next page is for another day."""
        pages = pages_of(self.assignment)
        return not self.is_last and bool(pages[self.number].get("later")) and not self.later


def pages_of(assignment: Assignment) -> list[dict[str, Any]]:
    """Return the pages of what was sent."""
    pages: list[dict[str, Any]] = assignment.activity_version.content["pages"]
    return pages


def response_of(assignment: Assignment) -> Response | None:
    """Return the response with its answers and comments in three queries, or None."""
    rows = Response.objects.filter(assignment=assignment).prefetch_related("answers", "comments__author")
    response: Response | None = rows.first()
    return response


def runner_page(assignment: Assignment, number: int, answers: Mapping[str, Answer]) -> RunnerPage:
    """Return page `number` (clamped to what exists) with the answers given so far."""
    pages = pages_of(assignment)
    number = max(1, min(number, len(pages)))
    page = pages[number - 1]
    return RunnerPage(
        assignment=assignment,
        number=number,
        count=len(pages),
        title=page.get("title", ""),
        later=bool(page.get("later")),
        blocks=[block_view(block, answers.get(block["id"])) for block in page["blocks"]],
    )


def block_view(block: dict[str, Any], answer: Answer | None) -> BlockView:
    """Return a block ready for its template."""
    kind = BLOCK_TYPES[block["type"]]
    return BlockView(
        block=block,
        template=kind.template,
        asks=kind.asks,
        value=answer.value if answer else None,
        rev=answer.rev if answer else 0,
    )


def read_through(assignment: Assignment, response: Response | None) -> list[tuple[str, list[BlockView]]]:
    """Return (page title, blocks with answers and comments) for reading, pages without a question left out."""
    answers = {answer.block: answer for answer in response.answers.all()} if response else {}
    comments = list(response.comments.all()) if response else []
    pages = []
    for page in pages_of(assignment):
        views = [block_view(block, answers.get(block["id"])) for block in page["blocks"]]
        asked = [view for view in views if view.asks]
        for view in asked:
            view.comments = [made for made in comments if made.block == view.name]
        if asked:
            pages.append((page.get("title", ""), asked))
    return pages
