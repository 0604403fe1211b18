"""When the client will have an answer: the therapist's hours and their promise, and both in the reader's words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import Client
from clients.queries.cover import Cover, cover_of
from practice.clock import is_open, local, next_opening, parse_hours, reply_by
from practice.people.models import Membership, User

WEEK: Final = timedelta(days=6)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Promise:
    """What the hours of who reads say at one moment. Moments are UTC; None when there are no hours.

    `therapist` is who reads: the client's therapist, or during a leave who stands in. `cover` says which.
    """

    therapist: User
    is_open: bool
    opens_at: datetime | None
    reply_by: datetime | None
    cover: Cover | None = None


def promise_of(
    *,
    client: Client,
    now: datetime,
    since: datetime | None = None,
    known: Membership | None = None,
    cover: Cover | None = None,
) -> Promise:
    """Return the promise of who reads what the client writes, for what was written at `since` (now).

    Two queries; one less when `cover` is known, and one less when `known`, the page's reader's own membership, is that
    person's.
    """
    cover = cover or cover_of(client, now=now)
    staff = known
    if staff is None or staff.user_id != cover.reader.pk:
        staff = Membership.objects.filter(practice_id=client.practice_id, user=cover.reader).first()
    return promise_under(cover, membership=staff, now=now, since=since)


def promise_under(
    cover: Cover, *, membership: Membership | None, now: datetime, since: datetime | None = None
) -> Promise:
    """Return the promise of who reads. Nobody stands in: the hours count from the day of return. Pure."""
    made = promise_from(membership=membership, therapist=cover.reader, now=now, since=_from(cover, since or now))
    if cover.leave is not None and cover.stand_in is None:
        back = promise_from(membership=membership, therapist=cover.reader, now=cover.leave.ends_at)
        made = replace(made, is_open=False, opens_at=back.opens_at)
    return replace(made, cover=cover)


def _from(cover: Cover, since: datetime) -> datetime:
    waits = cover.leave is not None and cover.stand_in is None
    return max(since, cover.leave.ends_at - DAY) if waits and cover.leave else since


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
