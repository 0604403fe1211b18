"""A form that is sent twice does its work once: it carries a token, and the first post that brings it takes it.

Kept in the database's cache for a day, so two workers that get the same post at the same moment agree.
"""

from uuid import uuid4

from django.core.cache import cache
from django.http import HttpRequest

FIELD = "once"
KEPT_SECONDS = 24 * 3600


def fresh_token() -> str:
    """Return a token for a form that is shown."""
    return uuid4().hex


def first_time(request: HttpRequest) -> bool:
    """Return whether this post is the first with its token, and take it. A post without one always is."""
    key = _key(request)
    return cache.add(key, 1, KEPT_SECONDS) if key else True


def give_back(request: HttpRequest) -> None:
    """Let the same form be sent again: its post was refused."""
    key = _key(request)
    if key:
        cache.delete(key)


def _key(request: HttpRequest) -> str:
    token = request.POST.get(FIELD, "")
    return f"once-{request.user.pk}-{token}" if token.isalnum() and token.isascii() and len(token) <= 64 else ""
