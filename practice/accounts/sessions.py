"""How long a session lives: staff 30 minutes idle and 12 hours at most; a client 30 days on a device of their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from practice.accounts import confirming
from practice.accounts.devices import forget_device, note_device, rename_device
from practice.permissions.seats import SEATS_KEY, STAFF_KEY, has_desk, places_of
from practice.permissions.second_factor import PROVEN

BEGAN, SEEN, STAFF, OWN_DEVICE = "began", "seen", STAFF_KEY, "own_device"
SHORT_IDLE = timedelta(minutes=30)
STAFF_AT_MOST = timedelta(hours=12)
OWN_DEVICE_IDLE = timedelta(days=30)
OWN_DEVICE_AT_MOST = timedelta(days=180)
WRITE_EVERY = timedelta(minutes=1)


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """Note when the session began, by whose rules it lives, and whether a second factor was shown."""
    now, session = timezone.now(), request.session
    session[BEGAN] = session[SEEN] = now.timestamp()
    session[STAFF] = user.is_superuser or has_desk(user)
    session[SEATS_KEY] = len(places_of(user))
    session[PROVEN] = any(step.get("method") == "mfa" for step in get_authentication_records(request, user))
    confirming.note(session, now)
    set_cookie_age(session)
    if session.session_key is None:
        session.create()
    note_here(request, user, now)


def set_cookie_age(session: Any) -> None:
    """Let the browser keep the cookie for long on a client's own device, else until it is closed."""
    session.set_expiry(OWN_DEVICE_IDLE if session.get(OWN_DEVICE) and not session.get(STAFF) else 0)


@receiver(user_logged_out)
def end(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Forget the device of a session that ends."""
    if request.session.session_key:
        forget_device(request.session.session_key)


def note_here(request: HttpRequest, user: Any, now: datetime) -> None:
    """Write down that someone is signed in here now."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    key = str(request.session.session_key)
    note_device(user=user, session_key=key, now=now, address=request.META.get("REMOTE_ADDR"), agent=agent)


def stay_signed_in(request: HttpRequest, user: Any) -> None:
    """Let this session go on after its owner's password changed: it gets another key, its device stays the same."""
    before = str(request.session.session_key)
    update_session_auth_hash(request, user)
    rename_device(before, str(request.session.session_key))


def call_own(request: HttpRequest, *, own: bool) -> None:
    """Note before signing in whether someone calls the device their own: a session is kept for long on it alone."""
    request.session[OWN_DEVICE] = own


class SessionAgeMiddleware:
    """Signs out who was away for too long. Must stand before the seats."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, signed out if it comes too late."""
        if BEGAN in request.session:
            now = timezone.now()
            if is_over(request.session, now):
                logout(request)
            elif _counts(request) and now.timestamp() - request.session[SEEN] > WRITE_EVERY.total_seconds():
                self._note(request, now)
        return self.get_response(request)

    def _note(self, request: HttpRequest, now: datetime) -> None:
        """Write down the use, unless nobody is signed in any more: the password changed, or they may not come in."""
        if request.user.is_authenticated:
            request.session[SEEN] = now.timestamp()
            note_here(request, request.user, now)


def is_over(session: Any, now: datetime) -> bool:
    """Return whether the session has been idle for too long, or lasted for too long."""
    return now > ends_at(session)


def ends_at(session: Any) -> datetime:
    """Return when the session is over unless someone uses it until then."""
    began, seen = (datetime.fromtimestamp(session[moment], UTC) for moment in (BEGAN, SEEN))
    if session.get(OWN_DEVICE) and not session.get(STAFF):
        return min(seen + OWN_DEVICE_IDLE, began + OWN_DEVICE_AT_MOST)
    idle = seen + SHORT_IDLE
    return min(idle, began + STAFF_AT_MOST) if session.get(STAFF) else idle


def _counts(request: HttpRequest) -> bool:
    """What a page asks by itself in the background is no sign of a person."""
    by_itself = request.path.startswith("/api/") or "HX-Request" in request.headers or "X-Live" in request.headers
    return request.method != "GET" or not by_itself
