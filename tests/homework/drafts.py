"""Drafts for the tests of builder and library."""

from typing import Any

from homework.domain.drafting import create_activity, save_draft
from homework.domain.publishing import publish_activity
from homework.models import Activity
from tests.people import NOW, World

TEXT = {"id": "intro", "type": "text", "markdown": "Hello"}
QUESTION = {"id": "worry", "type": "short_text", "label": "What did the worry say?"}


def content(*blocks: dict[str, Any], title: str = "One") -> dict[str, Any]:
    """Return an activity's content of one page."""
    page = {"id": "p1", "title": title, "later": False, "blocks": list(blocks or (TEXT, QUESTION))}
    return {"format": 1, "pages": [page]}


def make_draft(world: World, *, title: str = "When a worry knocks", body: Any = None) -> Activity:
    """Return an unpublished activity of the world's practice."""
    made = create_activity(practice=world.practice, title=title, by=world.therapist, now=NOW)
    return save_draft(
        activity=made, title=title, content=body or content(), rev=made.draft_rev, by=world.therapist, now=NOW
    )


def make_published(world: World, *, title: str = "When a worry knocks") -> Activity:
    """Return a published activity."""
    made = make_draft(world, title=title)
    publish_activity(activity=made, by=world.therapist, now=NOW)
    with world.scope():
        return Activity.objects.select_related("latest").get(pk=made.pk)
