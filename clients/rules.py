"""Who may: predicates over a seat and a row. `access.py` asks them; nothing else decides."""

from typing import Any

import rules
from django.utils import timezone

from clients.models import Appointment, AttentionItem, CareTeamMember, Client, ClientStatus, Leave
from clients.queries.attention import visible_to
from practice.people.models import Role, User
from practice.permissions.seats import DESK, PORTAL, Seat
from practice.tenancy.compiled import Compiled

ON_TEAM = Compiled(
    lambda client_id, user: CareTeamMember.objects.filter(
        client_id=client_id, user=user, until__isnull=True
    ).values_list("pk", flat=True)[:1]
)
COVERING = Compiled(
    lambda user, therapist_id: (
        Leave.objects.covered_by(user).filter(user_id=therapist_id).values_list("pk", flat=True)[:1]
    )
)


@rules.predicate
def at_desk(seat: Seat) -> bool:
    """Staff, at the desk."""
    return seat.door == DESK and seat.membership is not None


@rules.predicate
def is_therapist(seat: Seat) -> bool:
    """Staff who treat."""
    return seat.has(Role.THERAPIST)


@rules.predicate
def is_admin(seat: Seat) -> bool:
    """Staff who run the practice."""
    return seat.has(Role.ADMIN)


@rules.predicate
def is_lead(seat: Seat) -> bool:
    """The practice's clinical lead."""
    return seat.has(Role.LEAD)


@rules.predicate
def on_care_team(seat: Seat, client: Client) -> bool:
    """On the client's care team now (one query)."""
    return client is not None and ON_TEAM.first(client.pk, seat.user) is not None


@rules.predicate
def stands_in(seat: Seat, client: Client) -> bool:
    """Standing in for the client's therapist, who is on leave now (one query)."""
    if client is None or client.status != ClientStatus.ACTIVE:
        return False
    return COVERING.first(seat.user, client.therapist_id) is not None


works_with = on_care_team | stands_in  # the second is only asked when the first says no


@rules.predicate
def is_client_themself(seat: Seat, client: Client) -> bool:
    """The client who joined, in their own portal. Who was archived goes on reading."""
    return (
        seat.door == PORTAL and client is not None and client.user_id == seat.user.pk and client.joined_at is not None
    )


@rules.predicate
def cares_for_the_items_client(seat: Seat, item: AttentionItem) -> bool:
    """On the care team of the client whom the item is about."""
    return item.client_id is not None and on_care_team(seat, item.client)


@rules.predicate
def stands_in_for_the_items_client(seat: Seat, item: AttentionItem) -> bool:
    """Standing in for the therapist of the client whom the item is about."""
    return item.client_id is not None and stands_in(seat, item.client)


@rules.predicate
def item_reached_them(seat: Seat, item: AttentionItem) -> bool:
    """The stand-in or the lead to whom the item escalated."""
    items: Any = visible_to(seat, now=timezone.now())  # with `mine`, which the types don't see
    return bool(items.filter(pk=item.pk, mine=False, client__isnull=False).exists())


@rules.predicate
def is_about_the_practice(seat: Seat, item: AttentionItem) -> bool:
    """No client is meant, and the person runs or leads the practice."""
    return item.client_id is None and (is_admin(seat) or is_lead(seat))


@rules.predicate
def is_their_appointment(seat: Seat, appointment: Appointment) -> bool:
    """On the care team of the client whom the appointment is with."""
    return bool(on_care_team(seat, appointment.client))


@rules.predicate
def is_themself(seat: Seat, user: User) -> bool:
    """Their own leave, their own caseload."""
    return user is not None and user.pk == seat.user.pk


@rules.predicate
def is_their_leave(seat: Seat, leave: Leave) -> bool:
    """The leave of the person at the desk."""
    return leave is not None and leave.user_id == seat.user.pk


rules.add_perm("clients.open_client", at_desk & works_with)
rules.add_perm("clients.change_client", at_desk & is_therapist & on_care_team)
rules.add_perm("clients.add_client", at_desk & (is_therapist | is_admin))
rules.add_perm("clients.own_client", is_client_themself)
rules.add_perm(
    "clients.acknowledge_item",
    at_desk & (cares_for_the_items_client | stands_in_for_the_items_client | item_reached_them | is_about_the_practice),
)
rules.add_perm("clients.resolve_item", at_desk & (is_therapist & cares_for_the_items_client | is_about_the_practice))
rules.add_perm("clients.change_appointment", at_desk & is_therapist & is_their_appointment)
rules.add_perm("clients.arrange", at_desk & (is_therapist | is_lead | is_admin))
rules.add_perm("clients.arrange_for_others", at_desk & (is_lead | is_admin))
rules.add_perm("clients.arrange_for", at_desk & (is_lead | is_admin | is_therapist & is_themself))
rules.add_perm("clients.end_leave", at_desk & (is_lead | is_admin | is_their_leave))
