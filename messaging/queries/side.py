"""What stands beside a conversation at the desk: the next appointment, and the cards that rooms registered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import formats

from clients.models import Appointment, AppointmentStatus, Client
from clients.queries.registries import CLIENT_CARDS
from practice.clock import local
from practice.people.models import User


@dataclass(frozen=True)
class Side:
    """The next appointment in words, None without one; cards as (template, context)."""

    appointment: Appointment | None
    when: str
    when_there: str
    cards: list[tuple[str, dict[str, Any]]]


def side_of(*, request: HttpRequest, client: Client, reader: User, now: datetime) -> Side:
    """Return the side of a conversation. One query, and at most one a card."""
    planned = Appointment.objects.filter(client=client, status=AppointmentStatus.PLANNED, starts_at__gte=now)
    soonest = planned.order_by("starts_at").first()
    when = there = ""
    if soonest is not None:
        here = local(soonest.starts_at, reader.zone)
        when = f"{formats.date_format(here, 'l j F')}, {here:%H:%M}"
        theirs = local(soonest.starts_at, client.zone)
        there = f"{theirs:%H:%M}" if theirs.time() != here.time() else ""
    shown = [(card.template, card.context(request, client, now)) for card in CLIENT_CARDS if card.column == "side"]
    return Side(soonest, when, there, [(template, dict(context)) for template, context in shown if context is not None])
