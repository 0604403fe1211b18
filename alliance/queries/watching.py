"""Who is told about a risk answer, and when they usually look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.models import AttentionItem, AttentionState, Client
from clients.queries.cover import cover_of
from practice.clock.hours import is_open, next_opening, parse_hours
from practice.people.models import Membership, Role
from practice.tenancy.compiled import Compiled

RISK = "risk"
LATELY = timedelta(days=2)


@dataclass(frozen=True)
class Watch:
    """Who reads: the therapist, or during their leave who stands in.

    `looks_at` is when they are next at work (None: no hours set); `alone` when nobody else is asked.
    """

    name: str
    at_work: bool
    looks_at: datetime | None
    alone: bool


def watch_over(client: Client, now: datetime) -> Watch:
    """Return who looks after the client's risk answers. Two queries."""
    cover = cover_of(client, now=now)
    team = list(
        Membership.objects.filter(practice_id=client.practice_id, is_active=True).only(
            "user_id", "hours", "roles", "stand_in_id"
        )
    )
    own = next((member for member in team if member.user_id == cover.reader.pk), None)
    hours = parse_hours(own.hours) if own else {}
    zone, looked_from = cover.reader.zone, now
    if cover.leave is not None and cover.stand_in is None:
        looked_from = cover.leave.ends_at
    others = any(member.has(Role.LEAD) for member in team if member is not own)
    return Watch(
        name=cover.reader.first_name,
        at_work=looked_from == now and is_open(hours, zone, now),
        looks_at=next_opening(hours, zone, looked_from),
        alone=not (others or (cover.leave is None and own and own.stand_in_id)),
    )


def told_lately(client: Client, now: datetime) -> bool:
    """Whether a risk answer of this client's was passed on within two days and nobody has settled it. One query."""
    return TOLD.first(client, now - LATELY) is not None


TOLD = Compiled(
    lambda client, since: AttentionItem.objects.filter(
        client=client, kind=RISK, raised_at__gt=since, state__lt=AttentionState.RESOLVED
    ).values_list("pk", flat=True)[:1]
)
