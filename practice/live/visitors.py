"""Who opened a socket: the signed-in person of the session cookie, found on our own database threads."""

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from practice.people.models import User
from practice.permissions.second_factor import is_owed


def session_key_of(scope: dict[str, Any]) -> str:
    """Return the session key that the browser sent, or an empty string."""
    for name, value in scope.get("headers", []):
        if name == b"cookie":
            return str(parse_cookie(value.decode("latin1")).get(settings.SESSION_COOKIE_NAME, ""))
    return ""


def signed_in(session_key: str) -> User | None:
    """Return the active user of a valid session. Checks what a page would: expiry, password, second factor."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = _sessions()(session_key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active or is_owed(user, request.session):
        return None
    return user


def note_uses(session_keys: Collection[str], now: datetime) -> None:
    """Write down that the people of these sessions are there: one ends by its age when nobody uses it."""
    _sessions().note_uses(session_keys, now)


def _sessions() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
