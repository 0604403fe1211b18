"""Addresses of views, remembered: lists ask for the same few again and again, at a tenth of a millisecond each.

Only those made of nothing but numbers: a token in an address is not kept.
"""

from functools import lru_cache
from typing import Any, Final

from django.urls import get_script_prefix, get_urlconf, reverse

REMEMBERED: Final = 20_000


def address_of(view_name: str, *args: Any, current_app: str | None = None, **named: Any) -> str:
    """Return the address of a view, as `reverse`. Raises NoReverseMatch."""
    if not all(type(value) is int for value in (*args, *named.values())):
        return reverse(view_name, args=args, kwargs=named, current_app=current_app)
    given = [part for pair in sorted(named.items()) for part in pair]
    return _address(get_urlconf(), get_script_prefix(), current_app, view_name, len(args), *args, *given)


@lru_cache(maxsize=REMEMBERED)
def _address(urlconf: Any, _prefix: str, current_app: str | None, view_name: str, count: int, *given: Any) -> str:
    named = dict(zip(given[count::2], given[count + 1 :: 2], strict=True))
    return reverse(view_name, urlconf=urlconf, args=given[:count], kwargs=named, current_app=current_app)
