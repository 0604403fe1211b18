"""When this room's steps of setting up a practice count as done."""

from clients.models import Client, ConsentKind, Invitation, RoomCode
from clients.queries.consents import newest_texts
from clients.queries.help import lines_of
from practice.accounts.setting_up import said
from practice.permissions.seats import Seat


def lines_confirmed(seat: Seat) -> bool:
    """Return whether clients see more than the emergency number: confirmed lines, or the practice's own. No query."""
    settings, country = seat.practice.settings, seat.practice.country
    known = bool(lines_of(country))
    return country in settings.get("crisis_confirmed", []) or (not known and bool(settings.get("crisis_lines")))


def texts_read(seat: Seat) -> bool:
    """Return whether an admin has read the texts as they stand. One query."""
    read = said(seat.practice, "texts_read") or {}
    if set(read) < {kind.value for kind in ConsentKind}:
        return False
    return all(read.get(kind) == text.version for kind, text in newest_texts(seat.practice.language).items())


def first_client_invited(seat: Seat) -> bool:
    """Return whether somebody was invited, by mail or in the room. Two queries at most."""
    ways = Invitation.objects.exists() or RoomCode.objects.exists()
    return bool(ways or Client.objects.filter(joined_at__isnull=False).exists())
