"""Making, copying, importing and changing the draft of a pathway. `publishing` makes a version of it."""

import copy
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from homework.domain.content import Problem, unkeepable
from homework.domain.keeping import clean_title, keep_about, keep_draft, put_away
from homework.domain.timing import TimingError, parse_pathway
from homework.models import Activity, Origin, Pathway
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope

MOST_STEPS = 200
KEPT_ABOUT: Final = ("purpose", "for_whom", "not_for", "stops", "evidence")
DAYS: Final = {"type": "integer", "minimum": 0, "maximum": 3650}
SHAPE: Final[dict[str, Any]] = {
    "type": "array",
    "maxItems": MOST_STEPS,
    "items": {
        "type": "object",
        "required": ["key", "activity", "timing"],
        "additionalProperties": False,
        "properties": {
            "key": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"},
            "activity": {"type": "string", "maxLength": 60},
            "note": {"type": "string", "maxLength": 1_000},
            "open_days": {"type": "integer", "minimum": 1, "maximum": 365},
            "reminder_days": {"type": "integer", "minimum": 1, "maximum": 365},
            "timing": {
                "type": "object",
                "required": ["kind"],
                "additionalProperties": False,
                "properties": {
                    "kind": {"enum": ["with_previous", "after_completed", "interval", "date", "weekly"]},
                    "days": DAYS,
                    "hours": {"type": "number", "minimum": 0, "maximum": 87_600},
                    "from": {"enum": ["start", "previous_sent"]},
                    "at": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
                    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
                    "weekdays": {
                        "type": "array",
                        "maxItems": 7,
                        "items": {"enum": ["mo", "tu", "we", "th", "fr", "sa", "su"]},
                    },
                    "count": {"type": "integer", "minimum": 1, "maximum": 1_000},
                },
            },
        },
    },
}


class BadFile(ValueError):
    """A pathway file that can't be taken in; the message says what is wrong with it."""


def validate_steps(steps: Any) -> list[Problem]:
    """Return what keeps a draft's steps from being kept; an empty list when they are sound."""
    fault = unkeepable(steps)
    if fault:
        return [Problem("steps", fault)]
    wrong = best_match(_validator().iter_errors(steps))
    if wrong is not None:
        where = "/".join(str(part) for part in wrong.absolute_path) or "/"
        return [Problem(f"steps/{where}", _("This can't be kept (at %(place)s).") % {"place": where})]
    keys = [step["key"] for step in steps]
    if len(set(keys)) < len(keys):
        return [Problem("steps", _("Two steps have the same key."))]
    return []


@transaction.atomic
def create_pathway(*, practice: Practice, title: str, by: User, now: datetime) -> Pathway:
    """Return a new pathway without steps."""
    return _made(practice, title=clean_title(title) or _("New pathway"), steps=[], about={}, by=by, now=now)


@transaction.atomic
def copy_pathway(*, pathway: Pathway, by: User, now: datetime) -> Pathway:
    """Return a copy to adapt, made of what is published, else of the draft."""
    latest = pathway.latest
    return _made(
        pathway.practice,
        title=_("%(title)s (copy)") % {"title": pathway.title[:140]},
        steps=copy.deepcopy(latest.steps if latest else pathway.draft),
        about=copy.deepcopy(latest.about if latest else pathway.about),
        by=by,
        now=now,
    )


@transaction.atomic
def import_pathway(*, practice: Practice, raw: Any, by: User, now: datetime) -> Pathway:
    """Return a new pathway with the draft that a file (as `export_pathway` writes it) holds.

    Raises BadFile when it is no pathway, or names activities that the practice doesn't have.
    """
    problem = unkeepable(raw)
    if problem:
        raise BadFile(problem)
    try:
        parsed = parse_pathway(raw)
    except TimingError as wrong:
        raise BadFile(str(wrong)) from wrong
    problems = validate_steps(raw["steps"])
    if problems:
        raise BadFile(problems[0].message)
    with scope(practice=practice):
        wanted = {step.activity for step in parsed.steps}
        missing = wanted - set(Activity.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    if missing:
        raise BadFile(_("These activities are not in your library: %(names)s") % {"names": ", ".join(sorted(missing))})
    about = {name: raw[name] for name in KEPT_ABOUT if name in raw}
    return _made(practice, title=clean_title(parsed.title), steps=raw["steps"], about=about, by=by, now=now)


def save_steps(*, pathway: Pathway, title: Any, steps: Any, rev: int, by: User, now: datetime) -> Pathway:
    """Return the pathway with the new draft; see `keep_draft`."""
    return keep_draft(pathway, title=title, draft=steps, problems=validate_steps(steps), rev=rev, now=now)


def save_pathway_about(*, pathway: Pathway, about: dict[str, Any], by: User, now: datetime) -> Pathway:
    """Return the pathway with changed words about it; they are published together with its steps."""
    return keep_about(pathway, about={name: words for name, words in about.items() if name in KEPT_ABOUT}, now=now)


def archive_pathway(*, pathway: Pathway, away: bool, by: User, now: datetime) -> Pathway:
    """Return the pathway, put away or back. Who is on it stays on it. May be called again."""
    return put_away(pathway, away=away, what="pathway", by=by, now=now)


def _made(practice: Practice, *, title: str, steps: list[Any], about: Any, by: User, now: datetime) -> Pathway:
    with scope(practice=practice):
        made: Pathway = Pathway.objects.create(
            practice=practice,
            key=_free_key(title),
            title=title,
            origin=Origin.OWN,
            draft=steps,
            about=about,
            created_by=by,
            created_at=now,
            draft_saved_at=now,
        )
        record("homework.pathway_made", practice_id=practice.pk, by=by, now=now, subject=made)
        return made


def _free_key(words: str) -> str:
    stem = slugify(words)[:48].strip("-") or "pathway"
    taken = set(Pathway.objects.filter(key__startswith=stem).values_list("key", flat=True))
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(SHAPE)
