"""What "Help now" says: crisis lines of the client's country, the practice's own, and when the therapist looks.

Lines of a country are data (`clients/crisis/<country>.json`, each with its source and date). Until the practice has
confirmed them only the emergency number and the practice's own lines are shown.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from clients.models import Client
from clients.queries.cover import Cover, cover_shown
from practice.clock.hours import next_opening, parse_hours
from practice.people.models import Membership, Practice, User
from practice.permissions.seats import PORTAL
from practice.tenancy.compiled import Compiled

FOLDER = Path(__file__).resolve().parent.parent / "crisis"
WORLDWIDE_EMERGENCY = "112"


@dataclass(frozen=True)
class Line:
    """Someone who picks up the phone."""

    name: str
    number: str
    when: str

    @property
    def dial(self) -> str:
        """Return the number as a `tel:` address takes it."""
        return "".join(sign for sign in self.number if sign in "+0123456789")


@dataclass(frozen=True)
class Help:
    """What the dialog shows. `opens_at` is when who reads works again; None when now or never said.

    `reader` reads and is told: the therapist, or who stands in. Nobody is once treatment has ended.
    """

    template: str
    emergency: Line
    lines: list[Line]
    reader: str
    opens_at: datetime | None
    has_ended: bool = False


MEMBER = Compiled(lambda practice_id, user: Membership.objects.filter(practice_id=practice_id, user=user))


def help_part(request: Any) -> dict[str, Any]:
    """Return `portal_help` for pages of the portal. Three queries."""
    seat = request.seat
    if seat.door != PORTAL:
        return {}
    client = getattr(request, "_own_client", None) or _client_of(request)
    if client is None:
        return {}
    now = timezone.now()
    cover = cover_shown(request, client, now=now)
    return {"portal_help": help_for(client, practice=seat.practice, cover=cover, now=now)}


def help_for(client: Client, *, practice: Practice, cover: Cover, now: datetime) -> Help:
    """Return the help of this client. One query."""
    known = lines_of(client.country)
    reads_from = cover.leave.ends_at if cover.leave is not None and cover.stand_in is None else now
    confirmed = client.country in practice.settings.get("crisis_confirmed", [])
    own = [Line(name=practice.name, number=practice.phone, when="")] if practice.phone else []
    own += [Line(**line) for line in practice.settings.get("crisis_lines", [])]
    return Help(
        template="clients/portal/_help.html",
        emergency=Line(name="", number=known.get("emergency", WORLDWIDE_EMERGENCY), when=""),
        lines=([Line(**line) for line in known.get("lines", [])] if confirmed else []) + own,
        reader=cover.reader.first_name,
        opens_at=works_again_at(cover.reader, practice_id=client.practice_id, now=now, at=reads_from),
        has_ended=client.has_ended,
    )


def works_again_at(reader: User, *, practice_id: int, now: datetime, at: datetime) -> datetime | None:
    """Return when the reader's hours begin next from `at`; None when they have begun or none are said. One query."""
    member = MEMBER.first(practice_id, reader)
    if member is None:
        return None
    opens = next_opening(parse_hours(member.hours), reader.zone, at)
    return None if opens is None or opens <= now else opens


@cache
def lines_of(country: str) -> dict[str, Any]:
    """Return the file of a country, or nothing when there is none."""
    path = FOLDER / f"{country.lower()}.json"
    known: dict[str, Any] = json.loads(path.read_text()) if country.isalpha() and path.exists() else {}
    return known


def _client_of(request: Any) -> Client | None:
    mine = Client.objects.filter(user_id=request.seat.user.pk)
    client: Client | None = mine.select_related("user", "therapist").first()
    request._own_client = client
    return client
