"""A pathway as a file others can read."""

from typing import Any

from homework.models import Pathway
from practice.people.models import Practice
from practice.tenancy import every_practice

REASON = "an export by the operator names the practice itself"
KEPT = ("key", "activity", "timing", "note", "open_days", "reminder_days")


def pathway_file(*, key: str, practice: Practice | None) -> dict[str, Any] | None:
    """The published pathway in the format of `preview_plan`, or None. Without a practice: the first that has it."""
    with every_practice(REASON):
        pathway = _published(practice).filter(key=key).select_related("latest").order_by("practice_id").first()
    if pathway is None or pathway.latest is None:
        return None
    return file_of(pathway)


def pathway_keys(*, practice: Practice | None) -> list[str]:
    """The keys of all published pathways, each once, in order."""
    with every_practice(REASON):
        return sorted(set(_published(practice).values_list("key", flat=True)))


def _published(practice: Practice | None) -> Any:
    rows = Pathway.objects.filter(latest__isnull=False)
    return rows if practice is None else rows.filter(practice=practice)


def file_of(pathway: Any) -> dict[str, Any]:
    """A published pathway (with its `latest`) as a file."""
    steps = [{name: step[name] for name in KEPT if step.get(name) is not None} for step in pathway.latest.steps]
    about = {
        name: value for name, value in pathway.latest.about.items() if name not in {"format", "key", "title", "steps"}
    }
    return {"format": 1, "key": pathway.key, "title": pathway.latest.title, **about, "steps": steps}
