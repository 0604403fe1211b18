"""Making, copying and changing the draft of an activity. Clients never see one; `publishing` makes a version of it."""

import copy
import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from homework.domain.content import Problem, unkeepable, validate_content
from homework.models import Activity, Origin
from homework.models.activity import empty_content
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope

LONGEST_TITLE = 160
KEPT_ABOUT = frozenset(
    {"minutes", "purpose", "for_whom", "not_for", "watch_for", "if", "easier", "harder", "evidence", "sources"}
    | {"evidence_grade", "tags", "reading_grade", "open_days", "reminder_days", "own_words"}
)


class BadDraft(ValueError):
    """A draft that can't be kept; `problems` say in words what to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class DraftMoved(Exception):
    """Someone saved another draft meanwhile: `current` holds it, nothing was overwritten."""

    def __init__(self, current: Any) -> None:
        super().__init__("the draft was saved elsewhere")
        self.current = current


@transaction.atomic
def create_activity(*, practice: Practice, title: str, by: User, now: datetime) -> Activity:
    """Return a new activity with one empty page."""
    with scope(practice=practice):
        activity: Activity = Activity.objects.create(
            practice=practice,
            slug=free_slug(title),
            title=clean_title(title) or _("New activity"),
            origin=Origin.OWN,
            draft=empty_content(),
            created_by=by,
            created_at=now,
            draft_saved_at=now,
        )
        record("homework.activity_made", practice_id=practice.pk, by=by, now=now, subject=activity)
        return activity


@transaction.atomic
def copy_activity(*, activity: Activity, by: User, now: datetime) -> Activity:
    """Return a copy to adapt, made of what is published, else of the draft. Its blocks keep their ids."""
    with scope(practice=activity.practice_id):
        latest = activity.latest
        title = _("%(title)s (copy)") % {"title": activity.title[: LONGEST_TITLE - 20]}
        made: Activity = Activity.objects.create(
            practice_id=activity.practice_id,
            slug=free_slug(activity.slug),
            title=title,
            origin=Origin.OWN,
            draft=copy.deepcopy(latest.content if latest else activity.draft),
            about=copy.deepcopy(latest.about if latest else activity.about),
            created_by=by,
            created_at=now,
            draft_saved_at=now,
        )
        record("homework.activity_made", practice_id=activity.practice_id, by=by, now=now, subject=made)
        return made


@transaction.atomic
def save_draft(*, activity: Activity, title: str, content: Any, rev: int, by: User, now: datetime) -> Activity:
    """Return the activity with the new draft. `rev` is the revision that the writer's text is based on.

    Saving the same again is fine. Raises BadDraft when it can't be kept, DraftMoved when someone saved meanwhile.
    """
    problems = validate_content(content)
    if not isinstance(title, str) or unkeepable(title):
        problems.append(Problem("title", _("This title can't be kept. Please type it again.")))
    if problems:
        raise BadDraft(problems)
    with scope(practice=activity.practice_id):
        row: Activity = Activity.objects.select_for_update(of=("self",)).select_related("latest").get(pk=activity.pk)
        title = clean_title(title) or row.title
        if row.draft == content and row.title == title:
            return row
        if row.draft_rev != rev:
            raise DraftMoved(row)
        row.title, row.draft, row.draft_rev, row.draft_saved_at = title, content, row.draft_rev + 1, now
        row.save(update_fields=["title", "draft", "draft_rev", "draft_saved_at"])
        return row


@transaction.atomic
def save_about(*, activity: Activity, about: dict[str, Any], by: User, now: datetime) -> Activity:
    """Return the activity with changed words about it (purpose, evidence, times); other keys stay as they are."""
    with scope(practice=activity.practice_id):
        row: Activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        row.about = {**row.about, **{key: value for key, value in about.items() if key in KEPT_ABOUT}}
        row.draft_saved_at = now
        row.save(update_fields=["about", "draft_saved_at"])
        return row


@transaction.atomic
def archive_activity(*, activity: Activity, by: User, now: datetime) -> Activity:
    """Return the activity, out of the library. What was sent or is planned stays as it is. May be called again."""
    return _set_archived(activity, now, by=by, now=now)


@transaction.atomic
def restore_activity(*, activity: Activity, by: User, now: datetime) -> Activity:
    """Return the activity, back in the library."""
    return _set_archived(activity, None, by=by, now=now)


def _set_archived(activity: Activity, at: datetime | None, *, by: User, now: datetime) -> Activity:
    with scope(practice=activity.practice_id):
        row: Activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        if (row.archived_at is None) != (at is None):
            row.archived_at = at
            row.save(update_fields=["archived_at"])
            verb = "homework.activity_archived" if at else "homework.activity_restored"
            record(verb, practice_id=row.practice_id, by=by, now=now, subject=row)
        return row


def clean_title(title: str) -> str:
    """Return a title on one line, of a length that fits."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", title).split())[:LONGEST_TITLE]


def free_slug(words: str) -> str:
    """Return a slug that no activity of the practice has yet. Needs an open scope."""
    stem = slugify(words)[:48].strip("-") or "activity"
    taken = set(Activity.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
