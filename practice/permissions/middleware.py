"""Finds the request's seat and runs the request in its practice's scope, in the person's own zone and language."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from practice.clock.zones import zone
from practice.permissions.seats import (
    ADMIN,
    DESK,
    NO_SEAT_NEEDED,
    OWN_PAGES,
    PORTAL,
    SEATS_KEY,
    SESSION_KEY,
    STAFF_KEY,
    Seat,
    door_of,
    find_seat,
    places_of,
    seat_in,
)
from practice.permissions.second_factor import is_owed
from practice.tenancy import scope

NOT_FOUND = 404
LONGEST_NUMBER = 18
KEPT_FOR_A_SEAT = ("_own_client", "_caseload_size", "_clients_waiting", "_open_assignments", "_own_conversation")


class SeatMiddleware:
    """Sets `request.seat` (None when the person has none at this door).

    The API has no door of its own: there the seat is taken at the door of the page that asks, else at the desk when
    there is one, else at the portal. Who has several seats stays in the practice of the page that asks (`X-Seat`, or
    `seat` among the posted fields), and an address that leads nowhere in one practice is tried in their others: only
    ever in their own, so that what is unknown and what is forbidden look alike.
    The pages of one's own sign-in stand at the desk or else at the portal too, but for staff who still owe a second
    factor they have no frame: it would show what is behind the door.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its scope."""
        seat = self._seat(request)
        if seat is None:
            request.seat = None  # type: ignore[attr-defined]
            return self.get_response(request)
        response = self._answer(request, seat)
        if response.status_code == NOT_FOUND and request.method in {"GET", "HEAD"} and _has_several(request):
            for other in _others(seat):
                found = self._answer(request, other)
                if found.status_code != NOT_FOUND:
                    seat, response = other, found
                    break
        if not _asks_by_itself(request) and request.session.get(SESSION_KEY) != seat.practice.pk:
            request.session[SESSION_KEY] = seat.practice.pk
        return response

    def _answer(self, request: HttpRequest, seat: Seat) -> HttpResponse:
        for kept in [name for name in vars(request) if name.startswith(KEPT_FOR_A_SEAT)]:
            delattr(request, kept)
        request.seat = seat  # type: ignore[attr-defined]
        language = seat.user.language
        with scope(practice=seat.practice), timezone.override(zone(seat.user.zone)), translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _seat(self, request: HttpRequest) -> Seat | None:
        own = request.path.startswith(OWN_PAGES)
        if not request.user.is_authenticated or (request.path.startswith(NO_SEAT_NEEDED) and not own):
            return None
        if own and is_owed(request.user, request.session):
            return None
        said = _said(request) if _has_several(request) else None
        wanted = request.session.get(SESSION_KEY)
        for door in _doors(request):
            if said is not None:
                seat = seat_in(user=request.user, door=door, practice_id=said)
            else:
                seat = find_seat(user=request.user, door=door, wanted=wanted)
            if seat is not None and (door != ADMIN or seat.membership):
                return seat if _by_the_rules(request, seat) else None
        return None


def _has_several(request: HttpRequest) -> bool:
    return int(request.session.get(SEATS_KEY, 1)) > 1


def _said(request: HttpRequest) -> int | None:
    """Return the practice of the page that asks, as it says itself; 0, which is nobody's, when it says nonsense."""
    said = request.headers.get("X-Seat") or (request.POST.get("seat") if request.method == "POST" else None)
    if not said:
        return None
    return int(said) if said.isascii() and said.isdigit() and len(said) < LONGEST_NUMBER else 0


def _others(seat: Seat) -> list[Seat]:
    others = [place for place in places_of(seat.user) if place.practice != seat.practice]
    door = PORTAL if seat.door == PORTAL else DESK
    ids = [place.practice.pk for place in others if place.door == door]
    found = [seat_in(user=seat.user, door=seat.door, practice_id=pk) for pk in ids]
    return [other for other in found if other is not None]


def _asks_by_itself(request: HttpRequest) -> bool:
    """A page that fetches in the background doesn't move the person."""
    return request.path.startswith("/api/") or "X-Live" in request.headers or "HX-Request" in request.headers


def _by_the_rules(request: HttpRequest, seat: Seat) -> bool:
    """A session that began as a client's, and lives as long, opens no desk: then they sign in anew."""
    if seat.door == PORTAL or request.session.get(STAFF_KEY) is not False:
        return True
    logout(request)
    return False


def _doors(request: HttpRequest) -> tuple[str, ...]:
    if request.path.startswith(OWN_PAGES):
        return (DESK, PORTAL)
    if not request.path.startswith("/api/"):
        return (door_of(request.path),)
    page = urlsplit(request.headers.get("Referer", "")).path
    return (PORTAL, DESK) if page and door_of(page) == PORTAL else (DESK, PORTAL)
