"""What the logs say about a request: a number of its own, the route's name, the user, the practice."""

import secrets
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """First of all: a fresh context with a fresh number, which the answer carries too, so that a person can name it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the number in a header."""
        number = secrets.token_hex(6)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        response = self.get_response(request)
        response.headers[HEADER] = number
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Note the route's name, never the address."""
        match = request.resolver_match
        structlog.contextvars.bind_contextvars(route=match.view_name if match else "")


class WhoMiddleware:
    """After the seat was found: note whose request it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        seat = getattr(request, "seat", None)
        if seat is not None:
            structlog.contextvars.bind_contextvars(user=seat.user.pk, practice=seat.practice.pk)
        return self.get_response(request)
