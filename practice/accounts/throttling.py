"""How often something may be tried, per account and per address. Counted in the cache's table, which needs no Redis.

The cache itself can't count: its `incr` reads and writes in two steps, and shortens the window to its own five minutes.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from django.db import connection
from django.http import HttpRequest

HOUSEHOLD: Final = 64  # bits of an IPv6 address; what follows a visitor chooses anew at will
COUNT: Final = """
INSERT INTO practice_cache AS kept (cache_key, value, expires)
VALUES (%(key)s, '1', now() + %(seconds)s * interval '1 second')
ON CONFLICT (cache_key) DO UPDATE SET
  value = CASE WHEN kept.expires <= now() THEN '1' ELSE (kept.value::bigint + 1)::text END,
  expires = CASE WHEN kept.expires <= now() THEN excluded.expires ELSE kept.expires END
RETURNING value::bigint
"""


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
CONFIRM_TRIES = Limit("confirm try", per_key=10, per_address=50, within=timedelta(minutes=15))
EMAIL_CHANGES = Limit("email", per_key=5, per_address=30, within=timedelta(minutes=15))
EMAIL_CODES = Limit("email code", per_key=10, per_address=50, within=timedelta(minutes=15))
INVITATIONS = Limit("invitation", per_key=20, per_address=50, within=timedelta(minutes=15))


def is_allowed(request: HttpRequest, limit: Limit, key: str) -> bool:
    """Return whether this try is within the limits, and count it: for the key only while the address is within its own.

    So nobody can fill the table, or use up what others may try, once they have been stopped.
    """
    visitor = household_of(address_of(request))
    if _count(f"{limit.action}:address:{visitor}", limit.within) > limit.per_address:
        return False
    return _count(f"{limit.action}:key:{key.strip().casefold()}", limit.within) <= limit.per_key


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from, as the proxy in front of us vouches for it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def household_of(address: str) -> str:
    """Return what one visitor can't change: an IPv4 address, or the network of an IPv6 address."""
    with suppress(ValueError):
        parsed = ip_address(address)
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
            return str(ip_network((parsed, HOUSEHOLD), strict=False))
    return address


def _count(name: str, within: timedelta) -> int:
    """Count one more in the window that began with the first. One statement, so that tries at one moment all count."""
    key = "throttle:" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "seconds": int(within.total_seconds())})
        return int(cursor.fetchone()[0])
