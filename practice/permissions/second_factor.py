"""Staff reach nothing without a second factor. What counts as proof is written into the session at sign-in.

Only the demo practice goes without, and only where the installation says `DEMO=1`: either alone counts for nothing.
"""

from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from practice.people.models import Membership, User
from practice.permissions.seats import NO_SEAT_NEEDED, STAFF_KEY

PROVEN = "second_factor"
OPEN = tuple(path for path in NO_SEAT_NEEDED if path != "/seats/")
Session = MutableMapping[str, Any]


def prove(session: Session) -> None:
    """Note that whoever holds this session has shown a second factor, or has just made their first."""
    session[PROVEN] = True


def is_proven(session: Session) -> bool:
    """Return whether this session has shown a second factor."""
    return bool(session.get(PROVEN))


def is_missing(request: HttpRequest) -> bool:
    """Return whether this request comes from staff who still owe a second factor. No query for who has shown one."""
    user, seat = request.user, getattr(request, "seat", None)
    if not user.is_authenticated or is_proven(request.session):
        return False
    if seat is not None and seat.membership is not None:
        return not (settings.DEMO and seat.practice.is_demo)
    if request.session.get(STAFF_KEY) or user.is_superuser:
        return is_owed(user, request.session)
    return False


def is_owed(user: User, session: Session) -> bool:
    """Return the same without a seat: by every practice whose staff they are. One query at most."""
    if is_proven(session):
        return False
    demos = list(Membership.objects.filter(user=user, is_active=True).values_list("practice__is_demo", flat=True))
    if user.is_superuser:
        return True
    return bool(demos) and not (settings.DEMO and all(demos))


class SecondFactorMiddleware:
    """Leads staff without a second factor to the page that sets one up. Must stand behind the seats."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it: the API by a problem, a page by the way to the set-up."""
        if request.path.startswith(OPEN) or not is_missing(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return _problem()
        return HttpResponseRedirect(f"{resolve_url(settings.SECOND_FACTOR_URL)}?next={quote(request.get_full_path())}")


def _problem() -> JsonResponse:
    problem = {
        "type": "about:blank",
        "status": 403,
        "title": "Forbidden",
        "detail": _("Set up a second way to prove that it is you. Then this works."),
    }
    return JsonResponse(problem, status=403, content_type="application/problem+json")
