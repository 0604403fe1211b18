"""Makes an immutable version of a draft. What a client was sent never changes; an edit makes the next version."""

from datetime import datetime
from typing import Any

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
        problems = problems_of_steps(row.draft)
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


def problems_of_steps(steps: list[dict[str, Any]]) -> list[Problem]:
    """Return what keeps sound steps from being published, each with its step's key. Needs an open scope; one query."""
    if not steps:
        return [Problem("steps", _("There is no step yet."))]
    slugs = {step["activity"] for step in steps if step["activity"]}
    sendable = set(Activity.objects.filter(slug__in=slugs, latest__isnull=False).values_list("slug", flat=True))
    found = [problem for number, step in enumerate(steps, 1) for problem in _of_step(number, step, sendable)]
    if not found:
        try:
            parse_steps(steps)
        except TimingError as wrong:
            found.append(Problem("steps", str(wrong)))
    return found


def _of_step(number: int, step: dict[str, Any], sendable: set[str]) -> list[Problem]:
    timing, words = step["timing"], []
    if not step["activity"]:
        words.append(_("Step %(number)d sends nothing yet."))
    elif step["activity"] not in sendable:
        words.append(_("The activity of step %(number)d is not published yet."))
    follows = timing["kind"] in {"with_previous", "after_completed"} or timing.get("from") == "previous_sent"
    if number == 1 and follows:
        words.append(_("Step %(number)d is the first: there is none before it to follow."))
    if timing["kind"] == "interval" and timing.get("days") is None and timing.get("hours") is None:
        words.append(_("Step %(number)d doesn't say after how many days."))
    return [Problem(f"steps/{step['key']}", one % {"number": number}, block=step["key"]) for one in words]
