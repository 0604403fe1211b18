"""Drafts for the tests of builder and library."""

from typing import Any

from homework.domain.arranging import create_pathway, save_steps
from homework.domain.drafting import create_activity, save_draft
from homework.domain.publishing import publish_activity, publish_pathway
from homework.models import Activity, Pathway
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


def steps() -> list[dict[str, Any]]:
    """Return two steps that send the activity of `make_published`."""
    first = {"kind": "interval", "days": 0, "from": "start", "at": "09:00"}
    then = {"kind": "after_completed", "days": 2, "at": "09:00"}
    return [
        {"key": "first", "activity": "when-a-worry-knocks", "timing": first},
        {"key": "then", "activity": "when-a-worry-knocks", "timing": then},
    ]


def make_pathway(world: World, *, body: Any = None, published: bool = True) -> Pathway:
    """Return a pathway of the world's practice."""
    with world.scope():
        known = Activity.objects.filter(slug="when-a-worry-knocks").first()
    if known is None:
        make_published(world)
    elif known.latest_id is None:
        publish_activity(activity=known, by=world.therapist, now=NOW)
    made = create_pathway(practice=world.practice, title="Worry, step by step", by=world.therapist, now=NOW)
    made = save_steps(
        pathway=made, title=made.title, steps=body or steps(), rev=made.draft_rev, by=world.therapist, now=NOW
    )
    if published:
        publish_pathway(pathway=made, by=world.therapist, now=NOW)
    with world.scope():
        return Pathway.objects.select_related("latest").get(pk=made.pk)
