"""When the client will have an answer: the therapist's hours and their promise, and both in the reader's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import Client
from practice.clock import is_open, local, next_opening, parse_hours, reply_by
from practice.people.models import Membership, User

WEEK: Final = timedelta(days=6)


@dataclass(frozen=True)
class Promise:
    """What a therapist's hours say at one moment. Moments are UTC; None when there are no hours."""

    therapist: User
    is_open: bool
    opens_at: datetime | None
    reply_by: datetime | None


def promise_of(
    *, client: Client, now: datetime, since: datetime | None = None, known: Membership | None = None
) -> Promise:
    """Return the promise of the client's therapist, for what was written at `since` (now).

    One query; none when `known`, the reader's own membership, is the therapist's.
    """
    staff = known
    if staff is None or staff.user_id != client.therapist_id:
        staff = Membership.objects.filter(practice_id=client.practice_id, user_id=client.therapist_id).first()
    return promise_from(membership=staff, therapist=client.therapist, now=now, since=since)


def promise_from(
    *, membership: Membership | None, therapist: User, now: datetime, since: datetime | None = None
) -> Promise:
    """Return the promise that a membership's hours make. Pure."""
    if membership is None:
        return Promise(therapist, is_open=False, opens_at=None, reply_by=None)
    hours, zone = parse_hours(membership.hours), therapist.zone
    due: datetime | None = since or now
    for _day in range(max(membership.reply_days, 1)):
        due = reply_by(hours, zone, due) if due else None
    return Promise(therapist, is_open(hours, zone, now), next_opening(hours, zone, now), due)


def moment_words(moment: datetime, *, zone: str, now: datetime) -> str:
    """Return a moment in the reader's zone as people say it: today 17:00, tomorrow 10:00, Thursday 9:00."""
    there, here = local(moment, zone), local(now, zone)
    at = f"{there:%H:%M}"
    days = (there.date() - here.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": at}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": at}
    if timedelta(0) < there - here < WEEK:
        return _("%(weekday)s %(time)s") % {"weekday": formats.date_format(there, "l"), "time": at}
    return _("%(day)s %(time)s") % {"day": formats.date_format(there, "j F"), "time": at}
