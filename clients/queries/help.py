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
from practice.clock.hours import next_opening, parse_hours
from practice.people.models import Membership, Practice
from practice.permissions.seats import PORTAL

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
    """What the dialog shows. `opens_at` is when the therapist works again; None when now or never said."""

    template: str
    emergency: Line
    lines: list[Line]
    therapist: str
    opens_at: datetime | None


def help_part(request: Any) -> dict[str, Any]:
    """Return `portal_help` for pages of the portal. Two queries."""
    seat = request.seat
    if seat.door != PORTAL:
        return {}
    client = getattr(request, "_own_client", None) or _client_of(request)
    if client is None:
        return {}
    return {"portal_help": help_for(client, practice=seat.practice, now=timezone.now())}


def help_for(client: Client, *, practice: Practice, now: datetime) -> Help:
    """Return the help of this client. One query."""
    known = lines_of(client.country)
    confirmed = client.country in practice.settings.get("crisis_confirmed", [])
    own = [Line(name=practice.name, number=practice.phone, when="")] if practice.phone else []
    own += [Line(**line) for line in practice.settings.get("crisis_lines", [])]
    return Help(
        template="clients/portal/_help.html",
        emergency=Line(name="", number=known.get("emergency", WORLDWIDE_EMERGENCY), when=""),
        lines=([Line(**line) for line in known.get("lines", [])] if confirmed else []) + own,
        therapist=client.therapist.first_name,
        opens_at=works_again_at(client, now=now),
    )


def works_again_at(client: Client, *, now: datetime) -> datetime | None:
    """Return when the therapist's working hours begin next; None when they have begun or none are said. One query."""
    member = Membership.objects.filter(practice_id=client.practice_id, user_id=client.therapist_id).first()
    if member is None:
        return None
    opens = next_opening(parse_hours(member.hours), client.therapist.zone, now)
    return None if opens is None or opens <= now else opens


@cache
def lines_of(country: str) -> dict[str, Any]:
    """Return the file of a country, or nothing when there is none."""
    path = FOLDER / f"{country.lower()}.json"
    known: dict[str, Any] = json.loads(path.read_text()) if country.isalpha() and path.exists() else {}
    return known


def _client_of(request: Any) -> Client | None:
    mine = Client.objects.active().filter(user_id=request.seat.user.pk)
    client: Client | None = mine.select_related("user", "therapist").first()
    request._own_client = client
    return client
