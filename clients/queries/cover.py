"""Who reads what a client writes: their therapist, or while the therapist is on leave the stand-in."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from clients.models import Client, Leave
from practice.people.models import Membership, User
from practice.tenancy.compiled import Compiled

TOLD_AHEAD = dt.timedelta(days=14)


@dataclass(frozen=True)
class Cover:
    """At one moment: `reader` reads; `leave` is the therapist's current leave, `coming` one that begins soon."""

    therapist: User
    reader: User
    leave: Leave | None = None
    coming: Leave | None = None

    @property
    def stand_in(self) -> User | None:
        """Return who stands in now, if the therapist is away and someone does."""
        return self.reader if self.reader.pk != self.therapist.pk else None

    @property
    def shown(self) -> Leave | None:
        """Return the leave that the client should know of."""
        return self.leave or self.coming


def cover_of(client: Client, *, now: dt.datetime) -> Cover:
    """Return who reads what this client writes. One query."""
    return covers_of([client], now=now)[client.pk]


def cover_shown(request: Any, client: Client, *, now: dt.datetime) -> Cover:
    """Return the same for a page that shows it in several places. One query a request."""
    kept: dict[int, Cover] = request.__dict__.setdefault("_covers", {})
    if client.pk not in kept:
        kept[client.pk] = cover_of(client, now=now)
    return kept[client.pk]


def covers_of(clients: Iterable[Client], *, now: dt.datetime) -> dict[int, Cover]:
    """Return the same for many clients of one practice, by client id. One query. Their therapists are fetched."""
    rows = list(clients)
    found: dict[tuple[int, int], list[Leave]] = {}
    leaves = LEAVES.of(sorted({row.therapist_id for row in rows}), now) if rows else []
    for leave in leaves:
        found.setdefault((leave.practice_id, leave.user_id), []).append(leave)
    return {row.pk: _cover(row.therapist, found.get((row.practice_id, row.therapist_id), []), now) for row in rows}


def leaves_from(now: dt.datetime) -> Any:
    """Return leaves that are not over, the soonest first, each with `covered`: the stand-in still works here."""
    working = Membership.objects.filter(practice=OuterRef("practice"), user=OuterRef("stand_in"), is_active=True)
    rows = Leave.objects.filter(ends_at__gt=now).annotate(covered=Exists(working))
    return rows.select_related("user", "stand_in").order_by("starts_at", "pk")


LEAVES: Compiled[Any] = Compiled(lambda users, now: leaves_from(now).filter(user__in=users))


def _cover(therapist: User, leaves: list[Any], now: dt.datetime) -> Cover:
    current = next((leave for leave in leaves if leave.holds_at(now)), None)
    soon = (row for row in leaves if now < row.starts_at <= now + TOLD_AHEAD and row.starts_at < row.ends_at)
    reader = current.stand_in if current is not None and current.covered else None
    return Cover(therapist, reader or therapist, current, next(soon, None))
