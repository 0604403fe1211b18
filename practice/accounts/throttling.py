"""How often something may be tried, per account and per address. Counted in the cache, which is the database."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """`amount` tries in `within`, for one key and for one address."""

    action: str
    per_key: int
    per_address: int
    within: timedelta


LINK_REQUESTS = Limit("link", per_key=5, per_address=30, within=timedelta(minutes=15))
LINK_CODES = Limit("code", per_key=10, per_address=50, within=timedelta(minutes=15))
ROOM_CODES = Limit("room", per_key=20, per_address=50, within=timedelta(minutes=15))
RESETS = Limit("reset", per_key=5, per_address=30, within=timedelta(minutes=15))
CONFIRM_CODES = Limit("confirm", per_key=5, per_address=30, within=timedelta(minutes=15))
EMAIL_CHANGES = Limit("email", per_key=5, per_address=30, within=timedelta(minutes=15))
EMAIL_CODES = Limit("email code", per_key=10, per_address=50, within=timedelta(minutes=15))
INVITATIONS = Limit("invitation", per_key=20, per_address=50, within=timedelta(minutes=15))


def is_allowed(request: HttpRequest, limit: Limit, key: str) -> bool:
    """Return whether this try is within the limits, and count it."""
    return all(
        [
            _count(f"{limit.action}:key:{key.strip().casefold()}", limit.within) <= limit.per_key,
            _count(f"{limit.action}:address:{address_of(request)}", limit.within) <= limit.per_address,
        ]
    )


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from, as the proxy in front of us vouches for it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _count(name: str, within: timedelta) -> int:
    key = "throttle:" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    cache.add(key, 0, int(within.total_seconds()))
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
