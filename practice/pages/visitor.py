"""Whose address a request comes from behind a proxy: sign-in is throttled by it, devices are listed by it."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


class VisitorAddressMiddleware:
    """`REMOTE_ADDR` is the visitor's address as our one proxy vouches for it, no longer the proxy's own.

    The proxy puts the address that it sees last; what stands before it came from outside and is not believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under the visitor's address."""
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # none, or no address: a health check comes without
            request.META["REMOTE_ADDR"] = str(ip_address(seen))
        return self.get_response(request)
