"""Leaves for pages: who is away and who stands in; what a leave would mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import rules
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest

from clients.models import Appointment, AppointmentStatus, Client
from clients.queries.cover import TOLD_AHEAD, leaves_from
from practice.people.models import Membership, Role, User
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled


@dataclass(frozen=True)
class Preview:
    """Whom a leave would touch: the clients who are told, and the appointments that fall into it."""

    clients: list[Client]
    appointments: list[Appointment]


def leaves_for(seat: Seat, *, now: datetime) -> Any:
    """Return leaves that are not over, each with `clients`: how many it concerns. One query.

    Everybody sees their own and where they stand in; lead and admin see all.
    """
    counted = Client.objects.active().filter(therapist=OuterRef("user")).order_by().values("therapist")
    rows = leaves_from(now).annotate(clients=Subquery(counted.annotate(n=Count("pk")).values("n")))
    if rules.has_perm("clients.arrange_for_others", seat):
        return rows
    return rows.filter(Q(user=seat.user) | Q(stand_in=seat.user))


def preview_leave(user: User, *, starts_at: datetime, ends_at: datetime) -> Preview:
    """Return whom the leave would touch. Two queries; writes nothing."""
    ahead = Appointment.objects.filter(
        therapist=user, status=AppointmentStatus.PLANNED, starts_at__gte=starts_at, starts_at__lt=ends_at
    )
    return Preview(
        clients=list(Client.objects.active().filter(therapist=user).order_by("sort_name", "pk")),
        appointments=list(ahead.select_related("client").order_by("starts_at", "pk")),
    )


def desk_card(request: HttpRequest, now: datetime) -> Mapping[str, Any] | None:
    """Return own leaves and those in which the person stands in, now and soon; None without any. One query."""
    found = SOON.of(request.user, now, now + TOLD_AHEAD)
    return {"leaves": found, "now": now, "me": request.user} if found else None


SOON: Compiled[Any] = Compiled(
    lambda user, now, until: leaves_from(now).filter(Q(user=user) | Q(stand_in=user), starts_at__lte=until)
)


def caseload_holders(seat: Seat) -> "QuerySet[User]":
    """Return who of the staff is somebody's primary therapist, and all who treat, by name. One query."""
    held = Client.objects.values("therapist")
    members = Membership.objects.filter(practice=seat.practice, is_active=True, roles__contains=[Role.THERAPIST.value])
    found: QuerySet[User] = User.objects.filter(Q(pk__in=held) | Q(pk__in=members.values("user"))).order_by("name")
    return found


def may_arrange(request: HttpRequest) -> bool:
    """Return whether the reader's menu has leave and handover."""
    return bool(rules.has_perm("clients.arrange", request.seat))


def newly_theirs(client: Client, *, now: datetime) -> bool:
    """Return whether the client's therapist is theirs since a short while only."""
    return client.therapist_since is not None and client.therapist_since > now - timedelta(days=14)
