"""Makes an immutable version of a draft. What a client was sent never changes; an edit makes the next version."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from homework.domain.content import Problem, minutes_for, things_to_look_at
from homework.domain.timing import TimingError, parse_steps
from homework.models import Activity, ActivityVersion, Pathway, PathwayVersion
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope


class NotReady(Exception):
    """There are still things to look at; `problems` name them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


@transaction.atomic
def publish_activity(*, activity: Activity, by: User, now: datetime) -> ActivityVersion:
    """Return the version of the draft: the next one, or the latest when nothing changed since.

    Raises NotReady.
    """
    with scope(practice=activity.practice_id):
        row = Activity.objects.select_for_update(of=("self",)).select_related("latest").get(pk=activity.pk)
        problems = things_to_look_at(row.draft)
        if problems:
            raise NotReady(problems)
        if row.latest and not has_changes(row):
            return row.latest  # type: ignore[no-any-return]
        made: ActivityVersion = ActivityVersion.objects.create(
            practice_id=row.practice_id,
            activity=row,
            number=row.latest.number + 1 if row.latest else 1,
            title=row.title,
            content=row.draft,
            about=row.about,
            minutes=row.about.get("minutes") or minutes_for(row.draft),
            open_days=row.about.get("open_days"),
            reminder_days=row.about.get("reminder_days"),
            published_by=by,
            published_at=now,
        )
        row.latest = made
        row.save(update_fields=["latest"])
        record(
            "homework.activity_published",
            practice_id=row.practice_id,
            by=by,
            now=now,
            subject=row,
            number=made.number,
        )
        return made


def has_changes(activity: Activity) -> bool:
    """Return whether the draft differs from the latest version."""
    latest = activity.latest
    return latest is None or (latest.title, latest.content, latest.about) != (
        activity.title,
        activity.draft,
        activity.about,
    )


@transaction.atomic
def publish_pathway(*, pathway: Pathway, by: User, now: datetime) -> PathwayVersion:
    """Return the version of the pathway's draft, or the latest when nothing changed. Raises NotReady.

    Who is on an earlier version stays on it.
    """
    with scope(practice=pathway.practice_id):
        row = Pathway.objects.select_for_update(of=("self",)).select_related("latest").get(pk=pathway.pk)
        problems = pathway_problems(row)
        if problems:
            raise NotReady(problems)
        latest = row.latest
        if latest and (latest.title, latest.steps, latest.about) == (row.title, row.draft, row.about):
            return latest  # type: ignore[no-any-return]
        made: PathwayVersion = PathwayVersion.objects.create(
            practice_id=row.practice_id,
            pathway=row,
            number=latest.number + 1 if latest else 1,
            title=row.title,
            steps=row.draft,
            about=row.about,
            published_by=by,
            published_at=now,
        )
        row.latest = made
        row.save(update_fields=["latest"])
        record(
            "homework.pathway_published", practice_id=row.practice_id, by=by, now=now, subject=row, number=made.number
        )
        return made


def pathway_problems(pathway: Pathway) -> list[Problem]:
    """Return what keeps the draft of a pathway from being published. Needs an open scope."""
    if not pathway.draft:
        return [Problem("steps", _("There is no step yet."))]
    found: list[Problem] = []
    try:
        parse_steps(pathway.draft)
    except TimingError as wrong:
        found.append(Problem("steps", str(wrong)))
    slugs = {step["activity"] for step in pathway.draft if step.get("activity")}
    sendable = set(Activity.objects.filter(slug__in=slugs, latest__isnull=False).values_list("slug", flat=True))
    for number, step in enumerate(pathway.draft, start=1):
        if not step.get("activity"):
            words = _("Step %(number)d sends nothing yet.") % {"number": number}
            found.append(Problem(f"steps/{step['key']}", words, block=step["key"]))
        elif step["activity"] not in sendable:
            words = _("The activity of step %(number)d is not published yet.") % {"number": number}
            found.append(Problem(f"steps/{step['key']}", words, block=step["key"]))
    return found
