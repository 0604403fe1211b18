"""Who gets what from the addresses of `clients`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.domain.adding import ClientDetails, add_client
from clients.domain.attending import raise_item
from clients.domain.inviting import invite
from clients.domain.letting_in import show_code
from clients.domain.meeting import plan_appointment
from clients.domain.taking_leave import Plan, take_leave
from clients.models import Client
from tests.people import NOW, World, today_of
from tests.permissions.row import Row, clients, everyone, only, staff


def of_client(world: World) -> dict[str, Any]:
    """Name the client."""
    return {"client_id": world.client.pk}


def an_item(world: World) -> dict[str, Any]:
    """Name something about the client that asks for attention."""
    return {"item_id": raise_item(client=world.client, kind="help_asked", key="table", now=timezone.now()).pk}


def an_appointment(world: World) -> dict[str, Any]:
    """Name an appointment with the client."""
    planned = plan_appointment(
        client=world.client, therapist=world.therapist, starts_at=NOW, by=world.therapist, now=NOW
    )
    return {"appointment_id": planned.pk}


def a_decision(world: World) -> dict[str, Any]:
    """Name an appointment and what became of it."""
    return an_appointment(world) | {"decision": "held"}


def details(world: World) -> dict[str, Any]:
    """Fill in the record."""
    return {"name": "Sam Dorn", "language": "en", "country": "DE", "zone": "Europe/Berlin"}


def a_day(world: World) -> dict[str, Any]:
    """Fill in an appointment."""
    return {"day": "2026-12-01", "time": "10:00", "minutes": "50", "mode": "room"}


def preferences(world: World) -> dict[str, Any]:
    """Fill in the preferences."""
    return {"quiet_from": "21:00", "quiet_until": "08:00", "language": "en", "zone": "Europe/Berlin"}


def a_colleague(world: World) -> dict[str, Any]:
    """Name a colleague."""
    return {"user": world.colleague.pk}


def a_leave(world: World) -> dict[str, Any]:
    """Name a leave of Noor's that lies ahead, with Jonas standing in."""
    first = today_of(world.therapist) + timedelta(days=10)
    plan = Plan(user=world.therapist, stand_in=world.colleague, first=first, back=first + timedelta(days=7))
    return {"leave_id": take_leave(practice=world.practice, plan=plan, by=world.therapist, now=timezone.now()).pk}


def some_days(world: World) -> dict[str, Any]:
    """Fill in a leave; whose it is only matters to who may arrange it for others."""
    first = today_of(world.therapist) + timedelta(days=10)
    back = first + timedelta(days=7)
    return {"user": world.therapist.pk, "stand_in": "", "first": first, "back": back, "sure": "yes"}


def a_handover(world: World) -> dict[str, Any]:
    """Fill in that Sam goes to Jonas. Only Noor has Sam; the others are shown what is wrong."""
    return {"to": world.colleague.pk, "clients": [world.client.pk], "sure": "yes"}


def no_link(world: World) -> dict[str, Any]:
    """Name an invitation that nobody sent."""
    return {"token": "nobody-sent-this"}


def a_token(world: World) -> dict[str, Any]:
    """Name a link that isn't theirs to know."""
    invite(client=world.client, by=world.therapist, now=NOW)
    return no_link(world)


def a_room_code(world: World) -> dict[str, Any]:
    """Name a code on the screen for someone without an e-mail; whoever reads it comes in."""
    _made, code = show_code(client=without_email(world), by=world.therapist, now=timezone.now())
    return {"code": code}


def of_client_without_email(world: World) -> dict[str, Any]:
    """Name a client of Noor who has no e-mail."""
    return {"client_id": without_email(world).pk}


def an_address(world: World) -> dict[str, Any]:
    """Fill in an address."""
    return {"email": "pip@new.example"}


def without_email(world: World) -> Client:
    """Add someone who has no e-mail."""
    details = ClientDetails(name="Pip Marsh")
    return add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)


def no_code(world: World) -> dict[str, Any]:
    """Name a code that nobody shows."""
    return {"code": "AAAABBBB"}


def a_password(world: World) -> dict[str, Any]:
    """Fill in a password for coming back."""
    return {"password1": "a small boat at sea", "password2": "a small boat at sea"}


ROWS: list[Row] = [
    # the desk
    Row("clients:desk-today", "GET", staff(200)),
    Row("clients:desk-attention", "GET", staff(200)),
    Row("clients:item-acknowledge", "POST", only(therapist=302), an_item),
    Row("clients:item-resolve", "POST", only(therapist=302), an_item),
    Row("clients:caseload", "GET", staff(200)),
    Row("clients:client-new", "GET", only(therapist=200, colleague=200, admin=200, outsider=200)),
    Row(
        "clients:client-new",
        "POST",
        only(therapist=302, colleague=302, admin=302, outsider=200),  # outsider: that therapist isn't theirs to choose
        data=lambda world: details(world) | {"therapist": world.therapist.pk},
    ),
    Row("clients:client-overview", "GET", only(therapist=200), of_client),
    Row("clients:client-record", "GET", only(therapist=200), of_client),
    Row("clients:client-edit", "GET", only(therapist=200), of_client),
    Row("clients:client-edit", "POST", only(therapist=302), of_client, details),
    Row("clients:client-email", "GET", only(therapist=200), of_client_without_email),
    Row("clients:client-email", "POST", only(therapist=302), of_client_without_email, data=an_address),
    Row("clients:client-invite", "POST", only(therapist=302), of_client),
    Row("clients:client-room", "GET", only(therapist=200), of_client_without_email),
    Row("clients:client-room", "POST", only(therapist=200), of_client_without_email),
    Row("clients:client-archive", "GET", only(therapist=200), of_client),
    Row("clients:client-restore", "POST", only(therapist=302), of_client),
    Row("clients:client-archive", "POST", only(therapist=302), of_client),
    Row("clients:team-join", "POST", only(therapist=302), of_client, a_colleague),
    Row("clients:team-leave", "POST", only(therapist=302), of_client, a_colleague),
    Row("clients:client-appointments", "GET", only(therapist=200), of_client),
    Row("clients:client-appointments", "POST", only(therapist=302), of_client, a_day),
    Row("clients:crisis-lines", "GET", only(admin=200, outsider=200)),
    Row("clients:crisis-lines", "POST", only(admin=302, outsider=302), data=lambda world: {"checked": "on"}),
    Row("clients:consent-texts", "GET", only(admin=200, outsider=200)),
    Row("clients:consent-texts", "POST", only(admin=302, outsider=302)),
    Row("clients:leaves", "GET", staff(200)),
    Row("clients:leave-new", "GET", staff(200)),
    Row("clients:leave-new", "POST", staff(302, outsider=400), data=some_days),  # Noor is no colleague of Omar's
    Row("clients:leave-end", "POST", only(therapist=302, lead=302, admin=302), a_leave),
    Row("clients:hand-over", "GET", staff(200)),
    Row("clients:hand-over", "POST", staff(400, therapist=302), data=a_handover),
    Row("clients:week", "GET", staff(200)),
    Row("clients:appointment-move", "GET", only(therapist=200), an_appointment),
    Row("clients:appointment-move", "POST", only(therapist=302), an_appointment, a_day),
    Row("clients:appointment-decide", "POST", only(therapist=302), a_decision),
    # the portal
    Row(
        "clients:portal-today",
        "GET",
        clients(200, therapist=302, colleague=302, lead=302, admin=302, outsider=302, superuser=302),
    ),
    Row("clients:tell", "POST", clients(302)),
    Row("clients:me", "GET", clients(200)),
    Row("clients:me", "POST", clients(302), data=preferences),
    Row("clients:text-size", "POST", clients(302)),
    Row("clients:seen", "GET", clients(200)),
    Row("clients:consent", "GET", clients(200), lambda world: {"kind": "treatment"}),
    Row("clients:consent", "POST", clients(302), lambda world: {"kind": "messages"}, lambda world: {"given": "no"}),
    Row("clients:welcome", "GET", clients(200)),
    Row("clients:welcome", "POST", clients(302), data=lambda world: {"treatment": "yes", "messages": "no"}),
    Row("clients:appointments", "GET", clients(200)),
    Row("clients:coming-back", "GET", clients(200)),
    Row("clients:coming-back", "POST", clients(302), data=a_password),
    Row("clients:room-door", "GET", everyone(200)),
    Row("clients:room-door", "POST", everyone(200), data=no_code),
    Row("clients:room-enter", "GET", everyone(200), a_room_code),
    Row("clients:room-enter", "GET", everyone(410), no_code),
    Row("clients:room-enter", "POST", everyone(302), a_room_code),
    Row("clients:invitation", "GET", everyone(410), no_link),
    Row("clients:invitation", "POST", everyone(410), a_token),
]
