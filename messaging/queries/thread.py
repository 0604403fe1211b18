"""One conversation as a page shows it: days, bubbles, where the new ones begin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import CareTeamMember
from messaging.models import Conversation
from messaging.queries.reading import SHOWN_FIRST, ShownEvent, newest_events
from practice.clock import local
from practice.people.models import User


@dataclass(frozen=True)
class Bubble:
    """A message in the reader's eyes. `is_first_new`: the line "New" stands above it."""

    event: ShownEvent
    is_mine: bool
    is_first_new: bool
    time: str


@dataclass(frozen=True)
class Day:
    """The bubbles of one local day."""

    day: date
    label: str
    bubbles: list[Bubble] = field(default_factory=list)


@dataclass(frozen=True)
class Thread:
    """What the page starts from; script goes on from `last`. `earlier` is the number to page back from, if any.

    A page of the past stands still: nothing is added to it.
    """

    days: list[Day]
    last: int
    earlier: int | None
    is_past: bool = False


def thread(
    *,
    conversation: Conversation,
    reader: User,
    zone: str,
    now: datetime,
    read: int,
    before: int | None = None,
) -> Thread:
    """Return the newest part of a conversation (the part below `before`), in the reader's zone. One query.

    `read` is how many messages the reader has read.
    """
    events = newest_events(conversation_id=conversation.pk, before=before)
    days = _by_day(events, reader, zone, now, read=read)
    full = len(events) == SHOWN_FIRST and events[0].seq > 1
    last = events[-1].seq if events else conversation.head
    return Thread(days, last=last, earlier=events[0].seq if full else None, is_past=before is not None)


def _by_day(events: Sequence[ShownEvent], reader: User, zone: str, now: datetime, read: int) -> list[Day]:
    days: list[Day] = []
    new_seen = False
    for event in events:
        there = local(event.at, zone)
        if not days or days[-1].day != there.date():
            days.append(Day(there.date(), day_words(there.date(), local(now, zone).date())))
        is_mine = event.author_id == reader.pk
        is_new = not new_seen and not is_mine and event.message_no > read
        new_seen = new_seen or is_new
        days[-1].bubbles.append(Bubble(event, is_mine, is_new, f"{there:%H:%M}"))
    return days


def day_words(day: date, today: date) -> str:
    """Return a day as a divider says it."""
    back = (today - day).days
    if back == 0:
        return _("Today")
    if back == 1:
        return _("Yesterday")
    return formats.date_format(day, "l j F" if 0 <= back < 300 else "j F Y")


def care_team_names(conversation: Conversation) -> list[str]:
    """Return the first names of who can read along on the care team, the therapist first. One query."""
    client = conversation.client
    members = CareTeamMember.objects.filter(client=client, until__isnull=True).select_related("user").order_by("pk")
    users = sorted((member.user for member in members), key=lambda user: user.pk != client.therapist_id)
    return [user.first_name for user in users]
