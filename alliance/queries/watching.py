"""Who is told about a risk answer, and when they usually look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.models import AttentionItem, AttentionState, Client
from practice.clock.hours import is_open, next_opening, parse_hours
from practice.people.models import Membership, Role

RISK = "risk"
LATELY = timedelta(days=2)


@dataclass(frozen=True)
class Watch:
    """`looks_at` is when the therapist is next at work (None: no hours set); `alone` when nobody else is asked."""

    name: str
    at_work: bool
    looks_at: datetime | None
    alone: bool


def watch_over(client: Client, now: datetime) -> Watch:
    """Return who looks after the client's risk answers. One query."""
    team = list(
        Membership.objects.filter(practice_id=client.practice_id, is_active=True).only(
            "user_id", "hours", "roles", "stand_in_id"
        )
    )
    own = next((member for member in team if member.user_id == client.therapist_id), None)
    hours = parse_hours(own.hours) if own else {}
    zone = client.therapist.zone
    others = any(member.has(Role.LEAD) for member in team if member is not own)
    return Watch(
        name=client.therapist.first_name,
        at_work=is_open(hours, zone, now),
        looks_at=next_opening(hours, zone, now),
        alone=not (others or (own and own.stand_in_id)),
    )


def told_lately(client: Client, now: datetime) -> bool:
    """Whether a risk answer of this client's was passed on within two days and nobody has settled it. One query."""
    return bool(
        AttentionItem.objects.filter(
            client=client, kind=RISK, raised_at__gt=now - LATELY, state__lt=AttentionState.RESOLVED
        ).exists()
    )
