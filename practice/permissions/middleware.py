"""Finds the request's seat and runs the request in its practice's scope, in the person's own zone and language."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from practice.clock.zones import zone
from practice.permissions.seats import ADMIN, DESK, PORTAL, SESSION_KEY, Seat, door_of, find_seat
from practice.tenancy import scope

NO_SEAT_NEEDED = (
    "/static/",
    "/accounts/",
    "/invitation/",
    "/in/",
    "/join/",
    "/mail/stop/",
    "/livez",
    "/healthz",
    "/demo/",
)


class SeatMiddleware:
    """Sets `request.seat` (None when the person has none at this door).

    The API has no door of its own: there the seat is taken at the door of the page that asks, else at the desk when
    there is one, else at the portal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its scope."""
        request.seat = seat = self._seat(request)  # type: ignore[attr-defined]
        if seat is None:
            return self.get_response(request)
        if request.session.get(SESSION_KEY) != seat.practice.pk:
            request.session[SESSION_KEY] = seat.practice.pk
        language = seat.user.language
        with scope(practice=seat.practice), timezone.override(zone(seat.user.zone)), translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _seat(self, request: HttpRequest) -> Seat | None:
        if request.path.startswith(NO_SEAT_NEEDED) or not request.user.is_authenticated:
            return None
        wanted = request.session.get(SESSION_KEY)
        for door in _doors(request):
            seat = find_seat(user=request.user, door=door, wanted=wanted)
            if seat is not None and (door != ADMIN or seat.membership):
                return seat
        return None


def _doors(request: HttpRequest) -> tuple[str, ...]:
    if not request.path.startswith("/api/"):
        return (door_of(request.path),)
    page = urlsplit(request.headers.get("Referer", "")).path
    return (PORTAL, DESK) if page and door_of(page) == PORTAL else (DESK, PORTAL)
