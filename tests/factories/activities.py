"""Published activities and pathways, as small as they may be."""

from typing import Any

from homework.models import Activity, ActivityVersion, Pathway, PathwayVersion
from tests.people import World


def publish(world: World, slug: str = "walk", **fields: Any) -> ActivityVersion:
    """A published activity with one empty page, in the open scope."""
    activity = Activity.objects.create(practice=world.practice, slug=slug, title=slug, created_at=world.now)
    page = {"id": "p1", "title": "", "later": False, "blocks": []}
    activity.latest = ActivityVersion.objects.create(
        practice=world.practice,
        activity=activity,
        number=1,
        title=slug,
        content={"format": 1, "pages": [page]},
        published_at=world.now,
        **fields,
    )
    activity.save()
    return activity.latest


def publish_pathway(world: World, *timings: dict[str, Any], key: str = "way", **step: Any) -> PathwayVersion:
    """A published pathway whose steps s1, s2 … send `walk` with these timings, in the open scope."""
    made, _new = Pathway.objects.get_or_create(
        practice=world.practice, key=key, defaults={"title": "Way", "created_at": world.now}
    )
    steps = [
        {"key": f"s{n}", "activity": "walk", "timing": timing, **step} for n, timing in enumerate(timings, start=1)
    ]
    return PathwayVersion.objects.create(
        practice=world.practice,
        pathway=made,
        number=PathwayVersion.objects.filter(pathway=made).count() + 1,
        title="Way",
        steps=steps,
        published_at=world.now,
    )
