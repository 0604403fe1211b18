"""The one door to each row of this room: fetch it for this person, or "not found". Unknown and forbidden look alike."""

from typing import Any, cast

import rules
from django.http import Http404

from clients.models import Appointment, AttentionItem, Client, Leave
from practice.people.models import Membership, User
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled

ONE = Compiled(lambda pk: Client.objects.select_related("user", "therapist").filter(pk=pk))
OWN = Compiled(lambda user: Client.objects.select_related("user", "therapist").filter(user=user).order_by("pk")[:1])


def client_for(seat: Seat | None, pk: int, *, to: str = "open") -> Client:
    """Return the client, with user and therapist, for someone at the desk. `to` is "open" or "change".

    Raises Http404. Two queries.
    """
    return _allowed(seat, ONE.first(pk) if seat else None, f"clients.{to}_client")


def own_client(request: Any) -> Client:
    """Return the client who is signed in, at the portal or in the API. Raises Http404. One query a request."""
    seat: Seat | None = getattr(request, "seat", None)
    if seat is None:
        raise Http404
    kept = getattr(request, "_own_client", None)
    if kept is None:
        kept = OWN.first(seat.user)
        _allowed(seat, kept, "clients.own_client")
        request._own_client = kept
    return cast("Client", kept)


def item_for(seat: Seat | None, pk: int, *, to: str = "acknowledge") -> AttentionItem:
    """Return the attention item for someone who may acknowledge or resolve it (`to`). Raises Http404."""
    item = AttentionItem.objects.select_related("client").filter(pk=pk).first() if seat else None
    return _allowed(seat, item, f"clients.{to}_item")


def may_resolve(seat: Seat, item: AttentionItem) -> bool:
    """Return whether this person may settle the item: who stands in only says that they have seen it."""
    return bool(rules.has_perm("clients.resolve_item", seat, item))


def appointment_for(seat: Seat | None, pk: int) -> Appointment:
    """Return the appointment, with its client, for a therapist of the care team. Raises Http404."""
    row = Appointment.objects.select_related("client", "therapist").filter(pk=pk).first() if seat else None
    return _allowed(seat, row, "clients.change_appointment")


def _allowed(seat: Seat | None, row: Any, permission: str) -> Any:
    if seat is None or row is None or not rules.has_perm(permission, seat, row):
        raise Http404
    return row


def may_add(seat: Seat | None) -> None:
    """Let through who may add clients. Raises Http404 for others."""
    if seat is None or not rules.has_perm("clients.add_client", seat):
        raise Http404


def arranging_door(seat: Seat | None) -> Seat:
    """Return the seat of someone who may arrange leaves and handovers, their own or others'. Raises Http404."""
    if seat is None or not rules.has_perm("clients.arrange", seat):
        raise Http404
    return seat


def caseload_holder(seat: Seat, pk: str) -> User:
    """Return whose caseload is handed over: a member of staff, the person themself when none is named.

    Only lead and admin name others. Raises Http404.
    """
    user = colleague_for(seat, pk) if pk else seat.user
    if not rules.has_perm("clients.arrange_for", seat, user):
        raise Http404
    return user


def leave_for(seat: Seat | None, pk: int) -> Leave:
    """Return the leave for its therapist, and for lead and admin. Raises Http404."""
    row = Leave.objects.select_related("user", "stand_in").filter(pk=pk).first() if seat else None
    return _allowed(seat, row, "clients.end_leave")  # type: ignore[no-any-return]


def colleague_for(seat: Seat | None, pk: str) -> User:
    """Return a user who is staff of the same practice. Raises Http404."""
    members = Membership.objects.filter(practice=seat.practice, is_active=True) if seat else Membership.objects.none()
    member = members.select_related("user").filter(user_id=int(pk)).first() if pk.isascii() and pk.isdigit() else None
    if member is None:
        raise Http404
    return member.user
