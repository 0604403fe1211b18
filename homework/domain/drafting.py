"""Making, copying and changing the draft of an activity. Clients never see one; `publishing` makes a version of it."""

import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from homework.domain.content import validate_content
from homework.domain.keeping import LONGEST_TITLE, clean_title, keep_about, keep_draft, put_away
from homework.models import Activity, Origin
from homework.models.activity import empty_content
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope

KEPT_ABOUT = frozenset(
    {"minutes", "purpose", "for_whom", "not_for", "watch_for", "if", "easier", "harder", "evidence", "sources"}
    | {"evidence_grade", "tags", "reading_grade", "open_days", "reminder_days", "own_words"}
)


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


def save_draft(*, activity: Activity, title: Any, content: Any, rev: int, by: User, now: datetime) -> Activity:
    """Return the activity with the new draft; see `keep_draft`."""
    return keep_draft(activity, title=title, draft=content, problems=validate_content(content), rev=rev, now=now)


def save_about(*, activity: Activity, about: dict[str, Any], by: User, now: datetime) -> Activity:
    """Return the activity with changed words about it (purpose, evidence, times)."""
    return keep_about(activity, about={key: words for key, words in about.items() if key in KEPT_ABOUT}, now=now)


def archive_activity(*, activity: Activity, by: User, now: datetime) -> Activity:
    """Return the activity, out of the library. What was sent or is planned stays as it is. May be called again."""
    return put_away(activity, away=True, what="activity", by=by, now=now)


def restore_activity(*, activity: Activity, by: User, now: datetime) -> Activity:
    """Return the activity, back in the library."""
    return put_away(activity, away=False, what="activity", by=by, now=now)


def free_slug(words: str) -> str:
    """Return a slug that no activity of the practice has yet. Needs an open scope."""
    stem = slugify(words)[:48].strip("-") or "activity"
    taken = set(Activity.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
