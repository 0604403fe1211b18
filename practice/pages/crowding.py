"""How many pages one process makes at the same time. Under ASGI nothing else bounds it: each request has a thread and a
connection to the database of its own, and two hundred impatient visitors would take all that PostgreSQL has."""

import threading
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from practice.pages.errors import unavailable

PLACES: Final = 16
PATIENCE_SECONDS: Final = 10.0
ALIVE: Final = "/livez"  # asks no database, and answers whatever the others wait for


class PlacesMiddleware:
    """Stands before whatever asks the database. Who finds no place in ten seconds is asked to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = threading.BoundedSemaphore(PLACES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer when there is a place."""
        if request.path == ALIVE:
            return self.get_response(request)
        if not self.places.acquire(timeout=PATIENCE_SECONDS):
            return unavailable(request)
        try:
            return self.get_response(request)
        finally:
            self.places.release()
