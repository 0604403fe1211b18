"""Where to go next: only ever to an address of our own."""

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request: HttpRequest, otherwise: str) -> str:
    """Return the wanted `next` address if it is one of ours, else the address of `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else resolve_url(otherwise)


def is_ours(request: HttpRequest, address: str) -> bool:
    """Return whether the address is a path of this house: no other host, no scheme, no backslash tricks."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
