"""Addresses of views, remembered: lists ask for the same few again and again, at a tenth of a millisecond each.

Only those made of nothing but numbers: a token in an address is not kept.
"""

from functools import lru_cache
from typing import Any, Final

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

REMEMBERED: Final = 20_000


def address_of(view_name: str, *args: Any, current_app: str | None = None, **named: Any) -> str:
    """Return the address of a view, as `reverse`. Raises NoReverseMatch."""
    for value in (*args, *named.values()):
        if type(value) is not int:
            return reverse(view_name, args=args, kwargs=named, current_app=current_app)
    return _address(get_urlconf(), get_script_prefix(), current_app, view_name, args, tuple(named.items()))


@lru_cache(maxsize=REMEMBERED)
def _address(
    urlconf: Any, _prefix: str, current_app: str | None, view_name: str, args: Any, named: tuple[tuple[str, Any], ...]
) -> str:
    url = reverse(view_name, urlconf=urlconf, args=args, kwargs=dict(named), current_app=current_app)
    return mark_safe(url) if escape(url) == url else url  # noqa: S308 - nothing in it needs escaping
