"""What drafts of activities and of pathways have in common: saving one, the words about it, putting it away.

Each reads the row again under a lock. What someone else saved meanwhile is never written over.
"""

import re
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from homework.domain.content import Problem, unkeepable
from homework.models import Activity, Pathway
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope

Drafted = TypeVar("Drafted", Activity, Pathway)
LONGEST_TITLE = 160


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
def keep_draft(
    drafted: Drafted, *, title: Any, draft: Any, problems: list[Problem], rev: int, now: datetime
) -> Drafted:
    """Return the row with the new draft. `rev` is the revision that the writer's text is based on.

    Saving the same again is fine. Raises BadDraft when it can't be kept, DraftMoved when someone saved meanwhile.
    """
    if not isinstance(title, str) or unkeepable(title):
        problems = [*problems, Problem("title", _("This title can't be kept. Please type it again."))]
    if problems:
        raise BadDraft(problems)
    with scope(practice=drafted.practice_id):
        row = _locked(drafted)
        title = clean_title(title) or row.title
        if row.draft == draft and row.title == title:
            return row
        if row.draft_rev != rev:
            raise DraftMoved(row)
        row.title, row.draft, row.draft_rev, row.draft_saved_at = title, draft, row.draft_rev + 1, now
        row.save(update_fields=["title", "draft", "draft_rev", "draft_saved_at"])
        return row


@transaction.atomic
def keep_about(drafted: Drafted, *, about: dict[str, Any], now: datetime) -> Drafted:
    """Return the row with changed words about it; other keys stay as they are."""
    with scope(practice=drafted.practice_id):
        row = _locked(drafted)
        row.about, row.draft_saved_at = {**row.about, **about}, now
        row.save(update_fields=["about", "draft_saved_at"])
        return row


@transaction.atomic
def put_away(drafted: Drafted, *, away: bool, what: str, by: User, now: datetime) -> Drafted:
    """Return the row, put away or back; `what` is its name in the trail. May be called again."""
    with scope(practice=drafted.practice_id):
        row = _locked(drafted)
        if (row.archived_at is not None) != away:
            row.archived_at = now if away else None
            row.save(update_fields=["archived_at"])
            verb = f"homework.{what}_archived" if away else f"homework.{what}_restored"
            record(verb, practice_id=row.practice_id, by=by, now=now, subject=row)
        return row


def _locked(drafted: Drafted) -> Drafted:
    rows = type(drafted).objects.select_for_update(of=("self",)).select_related("latest")
    found: Drafted = rows.get(pk=drafted.pk)
    return found


def clean_title(title: str) -> str:
    """Return a title on one line, of a length that fits."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", title).split())[:LONGEST_TITLE]
