"""The client's path: what is done, what is open, what comes. Two queries whatever its length."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clients.models import Client
from homework.models import Assignment, AssignmentStatus
from homework.models.assignment import OPEN_STATES
from practice.tenancy.compiled import Compiled

PAST_SHOWN, LATELY, AHEAD_SHOWN, MOST = 30, 5, 20, 200
AHEAD = (AssignmentStatus.SCHEDULED, AssignmentStatus.PLANNED)


@dataclass(frozen=True)
class Journey:
    """Assignments in order of time.

    `earlier` is what was done before `done`; `now` are open; `waiting` come when something before them is finished.
    """

    earlier: list[Assignment]
    done: list[Assignment]
    now: list[Assignment]
    ahead: list[Assignment]
    waiting: list[Assignment]
    more_ahead: int
    minutes_this_week: int

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing on the path at all."""
        return not (self.done or self.now or self.ahead or self.waiting)


def journey(client: Client, now: datetime) -> Journey:
    """Return the client's path around `now`."""
    mine = sent_to(client)
    done = list(mine.filter(status=AssignmentStatus.DONE).order_by("-done_at")[:PAST_SHOWN])
    rest = list(mine.filter(status__in=(*OPEN_STATES, *AHEAD)).order_by("send_at", "step", "occurrence")[:MOST])
    opened = [a for a in rest if a.status in OPEN_STATES]
    ahead = [a for a in rest if a.status == AssignmentStatus.SCHEDULED]
    soon = [a for a in ahead if a.send_at and a.send_at <= now + timedelta(days=7)]
    return Journey(
        earlier=done[LATELY:][::-1],
        done=done[:LATELY][::-1],
        now=sorted(opened, key=_effort),
        ahead=ahead[:AHEAD_SHOWN],
        waiting=[a for a in rest if a.status == AssignmentStatus.PLANNED],
        more_ahead=max(0, len(ahead) - AHEAD_SHOWN),
        minutes_this_week=sum(a.activity_version.minutes for a in opened + soon),
    )


def open_for(client: Client) -> list[Assignment]:
    """Return what the client can do now, least effort first. One query."""
    return sorted(OPEN.of(client, client.user_id), key=_effort)


def done_since(client: Client, since: datetime) -> list[Assignment]:
    """Return the latest three that the client did since then. One query."""
    return DONE.of(client, client.user_id, since)


def sent_to(client: Client) -> Any:
    """Return the client's own assignments with what was sent."""
    return _sent(client, client.user_id)


def _sent(client: Any, user_id: int) -> Any:
    mine = Assignment.objects.filter(client=client, recipient_id=user_id, rater="client")
    return mine.select_related("activity_version")


OPEN: Compiled[Assignment] = Compiled(
    lambda client, user_id: _sent(client, user_id).filter(status__in=OPEN_STATES).order_by("send_at")[:MOST]
)
DONE: Compiled[Assignment] = Compiled(
    lambda client, user_id, since: (
        _sent(client, user_id).filter(status=AssignmentStatus.DONE, done_at__gte=since).order_by("-done_at")[:3]
    )
)


def _effort(assignment: Assignment) -> tuple[bool, int]:
    """Sort what was begun first, then by minutes."""
    return (assignment.status != AssignmentStatus.STARTED, assignment.activity_version.minutes)
