"""A seat: a user at a door (desk or portal) of one practice."""

from dataclasses import dataclass

from practice.contributions import SEAT_SOURCES, SeatSource
from practice.people.models import Membership, Practice, Role, User
from practice.tenancy.compiled import Compiled

DESK, PORTAL, ADMIN = "desk", "portal", "admin"
SESSION_KEY = "practice"
SEATS_KEY = "seats"  # how many seats the person had when they signed in
STAFF_KEY = "staff"  # whether the session began by the rules for staff
NO_SEAT_NEEDED = (
    "/static/",
    "/accounts/",
    "/invitation/",
    "/in/",
    "/join/",
    "/mail/stop/",
    "/csp-report/",
    "/livez",
    "/healthz",
    "/demo/",
    "/seats/",
)
OWN_PAGES = "/accounts/security/"  # one's own sign-in: for staff and clients alike, at the door they have


MEMBERSHIPS = Compiled(
    lambda user: Membership.objects.filter(user=user, is_active=True).select_related("practice").order_by("pk")
)
PRACTICE = Compiled(lambda pk: Practice.objects.filter(pk=pk))


@dataclass(frozen=True)
class Seat:
    """Where a request comes from. `membership` is set at the desk and in the admin."""

    user: User
    practice: Practice
    door: str
    membership: Membership | None = None

    def has(self, role: Role) -> bool:
        """Return whether the person holds the role in this practice."""
        return self.membership is not None and self.membership.has(role)


def door_of(path: str) -> str:
    """Return the door an address belongs to."""
    if path.startswith("/desk"):
        return DESK
    return ADMIN if path.startswith("/admin") else PORTAL


def find_seat(*, user: User, door: str, wanted: int | None) -> Seat | None:
    """Return the user's seat at the door, in the wanted practice when they have one there, else in their first.

    One query at the desk; at the portal one for the practices and one for the practice itself.
    """
    if door == PORTAL:
        return _portal_seat(user, wanted)
    members = [row for row in MEMBERSHIPS.of(user) if door != ADMIN or row.has(Role.ADMIN)]
    chosen = next((row for row in members if row.practice_id == wanted), members[0] if members else None)
    return Seat(user, chosen.practice, door, chosen) if chosen else None


@dataclass(frozen=True)
class Place:
    """One of the seats that a person may choose."""

    practice: Practice
    door: str


def places_of(user: User) -> list[Place]:
    """Return every seat of the person, those at a desk first. Three queries at most."""
    desks = MEMBERSHIPS.of(user)
    ids = [pk for source in SEAT_SOURCES for pk in _practices(source, user)]
    portals = Practice.objects.in_bulk(ids)
    return [Place(row.practice, DESK) for row in desks] + [Place(portals[pk], PORTAL) for pk in ids]


def seat_in(*, user: User, door: str, practice_id: int) -> Seat | None:
    """Return the user's seat at the door of exactly this practice, if they have one there."""
    seat = find_seat(user=user, door=door, wanted=practice_id)
    return seat if seat is not None and seat.practice.pk == practice_id else None


def _portal_seat(user: User, wanted: int | None) -> Seat | None:
    ids = [pk for source in SEAT_SOURCES for pk in _practices(source, user)]
    if not ids:
        return None
    practice = PRACTICE.first(wanted if wanted in ids else ids[0])
    return Seat(user, practice, PORTAL) if practice else None


def _practices(source: SeatSource, user: User) -> list[int]:
    return list(source.practice_ids(user)) if source.door == PORTAL else []


def has_desk(user: User) -> bool:
    """Return whether the user is staff anywhere."""
    return Membership.objects.filter(user=user, is_active=True).exists()
