"""One rating, item by item: the block as it was asked, and the answer."""

from typing import Any

from alliance.blocks.instrument import KEY
from alliance.models import Rating
from homework.models import Answer


def answers_page(rating: Rating) -> dict[str, Any]:
    """Return rating, assignment, what was asked (the block) and value for the page. One query."""
    assignment = rating.assignment
    pages = assignment.activity_version.content["pages"] if assignment else []
    blocks = [block for page in pages for block in page["blocks"]]
    block = next(
        (found for found in blocks if found["type"] == KEY and found["instrument"] == rating.instrument), {"id": ""}
    )
    answer = Answer.objects.filter(response__assignment=assignment, block=block["id"]).first()
    return {"rating": rating, "assignment": assignment, "asked": block, "value": answer.value if answer else None}
