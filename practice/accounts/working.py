"""When a member of staff works, how soon they answer, who stands in for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from practice.audit import record
from practice.clock.hours import parse_hours
from practice.clock.zones import canonical_zone
from practice.people.models import Membership, User
from practice.tenancy import scope


@dataclass(frozen=True)
class Working:
    """What a member of staff says about their work. `hours` as in `practice.clock.hours.parse_hours`."""

    hours: dict[str, Any]
    reply_days: int
    stand_in: Membership | None
    zone: str
    language: str


@transaction.atomic
def change_working(*, membership: Membership, wanted: Working, by: User, now: datetime) -> Membership:
    """Return the membership with other hours. Raises ValueError that names the day when the hours make no sense."""
    parse_hours(wanted.hours)
    membership.hours, membership.reply_days, membership.stand_in = wanted.hours, wanted.reply_days, wanted.stand_in
    membership.hours_said_at = membership.hours_said_at or now
    membership.save(update_fields=["hours", "reply_days", "stand_in", "hours_said_at"])
    user = membership.user
    user.zone, user.language = canonical_zone(wanted.zone), wanted.language
    user.save(update_fields=["zone", "language"])
    with scope(practice=membership.practice_id):
        record("staff_changed", practice_id=membership.practice_id, by=by, now=now, subject=membership)
    return membership
