"""Finds the request's seat and runs the request in its practice's scope."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from practice.permissions.seats import ADMIN, DESK, PORTAL, SESSION_KEY, Seat, door_of, find_seat
from practice.tenancy import scope

NO_SEAT_NEEDED = ("/static/", "/accounts/", "/livez", "/healthz", "/demo/")


class SeatMiddleware:
    """Sets `request.seat` (None when the person has none at this door).

    The API has no door of its own: there the desk's seat is taken when there is one, else the portal's.
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
        with scope(practice=seat.practice):
            return self.get_response(request)

    def _seat(self, request: HttpRequest) -> Seat | None:
        if request.path.startswith(NO_SEAT_NEEDED) or not request.user.is_authenticated:
            return None
        wanted = request.session.get(SESSION_KEY)
        doors = (DESK, PORTAL) if request.path.startswith("/api/") else (door_of(request.path),)
        for door in doors:
            seat = find_seat(user=request.user, door=door, wanted=wanted)
            if seat is not None and (door != ADMIN or seat.membership):
                return seat
        return None
