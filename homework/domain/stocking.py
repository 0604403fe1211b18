"""Brings the shipped library into a practice."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from homework.library.reading import Piece, shipped_activities, shipped_pathways
from homework.models import Activity, ActivityVersion, Origin, Pathway, PathwayVersion
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope

CONTENT = ("format", "slug", "key", "title", "content", "steps")


@dataclass
class Stocked:
    """Slugs and keys by what happened to them. `kept` are a practice's own pieces that had the name first."""

    new: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def stock_library(*, practice: Practice, by: User | None, now: datetime) -> Stocked:
    """What changed. May be called again: a piece that reads as it did is left alone, a changed one gets a new version.

    Raises LibraryFaultError when a shipped file is broken; then nothing is stocked.
    """
    stocked = Stocked()
    activities, pathways = shipped_activities(), shipped_pathways()
    with scope(practice=practice):
        for piece in activities:
            _stock_activity(piece, practice=practice, by=by, now=now, stocked=stocked)
        for piece in pathways:
            _stock_pathway(piece, practice=practice, by=by, now=now, stocked=stocked)
        if stocked.new or stocked.renewed:
            new, renewed = len(stocked.new), len(stocked.renewed)
            record("homework.library_stocked", practice_id=practice.pk, by=by, now=now, new=new, renewed=renewed)
    return stocked


def _stock_activity(piece: Piece, *, practice: Practice, by: User | None, now: datetime, stocked: Stocked) -> None:
    activity = Activity.objects.select_for_update(of=("self",)).filter(slug=piece["slug"]).first()
    if activity is None:
        activity = Activity(
            practice=practice, slug=piece["slug"], origin=Origin.SHIPPED, created_by=by, created_at=now, draft_rev=0
        )
    if not _is_due(activity, piece["slug"], _read_as(piece), stocked):
        return
    number = activity.latest.number + 1 if activity.latest else 1
    activity.title, activity.draft, activity.about = piece["title"], piece["content"], _about(piece)
    activity.draft_rev, activity.draft_saved_at = activity.draft_rev + 1, now
    activity.save()
    activity.latest = ActivityVersion.objects.create(
        practice=practice,
        activity=activity,
        number=number,
        title=piece["title"],
        content=piece["content"],
        about=_about(piece),
        minutes=piece["minutes"],
        open_days=piece["open_days"],
        reminder_days=piece["reminder_days"],
        published_by=by,
        published_at=now,
    )
    activity.save(update_fields=["latest"])


def _stock_pathway(piece: Piece, *, practice: Practice, by: User | None, now: datetime, stocked: Stocked) -> None:
    pathway = Pathway.objects.select_for_update(of=("self",)).filter(key=piece["key"]).first()
    if pathway is None:
        pathway = Pathway(
            practice=practice, key=piece["key"], origin=Origin.SHIPPED, created_by=by, created_at=now, draft_rev=0
        )
    if not _is_due(pathway, piece["key"], _read_as(piece), stocked):
        return
    number = pathway.latest.number + 1 if pathway.latest else 1
    pathway.title, pathway.draft, pathway.about = piece["title"], piece["steps"], _about(piece)
    pathway.draft_rev, pathway.draft_saved_at = pathway.draft_rev + 1, now
    pathway.save()
    pathway.latest = PathwayVersion.objects.create(
        practice=practice,
        pathway=pathway,
        number=number,
        title=piece["title"],
        steps=piece["steps"],
        about=_about(piece),
        published_by=by,
        published_at=now,
    )
    pathway.save(update_fields=["latest"])


def _is_due(row: Activity | Pathway, name: str, shipped: Piece, stocked: Stocked) -> bool:
    """Notes what happens to the piece, and whether a version is to be published."""
    if row.origin != Origin.SHIPPED:
        stocked.kept.append(name)
        return False
    latest = row.latest
    if latest is None:
        stocked.new.append(name)
        return True
    body = latest.content if isinstance(latest, ActivityVersion) else latest.steps
    if {"title": latest.title, "body": body, "about": latest.about} == shipped:
        stocked.unchanged.append(name)
        return False
    stocked.renewed.append(name)
    return True


def _read_as(piece: Piece) -> Piece:
    return {"title": piece["title"], "body": piece.get("content") or piece["steps"], "about": _about(piece)}


def _about(piece: Piece) -> Piece:
    """Everything that describes a piece: purpose, when not to use it, evidence, minutes, tags."""
    return {name: value for name, value in piece.items() if name not in CONTENT}
