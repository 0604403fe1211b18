"""What homework puts on the portal's Today."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from clients.models import Client
from homework.models import Assignment
from homework.queries.journey import done_since, open_for

RECENT = timedelta(days=3)


def next_step(request: HttpRequest, client: Client, now: datetime) -> Mapping[str, Any] | None:
    """Return the easiest open step (what was begun comes first), or None."""
    first = _open(request, client)[:1]
    return {"a": first[0]} if first else None


def this_week(request: HttpRequest, client: Client, now: datetime) -> Mapping[str, Any] | None:
    """Return what else is open, and what was done in the last days."""
    rest = _open(request, client)[1:]
    done = done_since(client, now - RECENT)
    if not rest and not done:
        return None
    return {"rest": rest, "done": done, "minutes": sum(a.activity_version.minutes for a in rest)}


def _open(request: Any, client: Client) -> list[Assignment]:
    kept: list[Assignment] | None = getattr(request, "_open_assignments", None)
    if kept is None:
        kept = request._open_assignments = open_for(client)
    return kept
