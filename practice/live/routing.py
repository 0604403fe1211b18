"""Which socket address leads where: what rooms registered, and a last route that closes with 4404."""

from typing import Any

from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path, re_path

from practice.contributions import SOCKET_ROUTES
from practice.live.sockets import NowhereSocket, PersonSocket

SOCKET_ROUTES.register("live", path("ws/live/", PersonSocket.as_asgi(), name="live"), order=10)


def sockets() -> Any:
    """Return the application for web sockets: explicit origins, registered routes. Sockets sign in by themselves."""
    routes = [*SOCKET_ROUTES, re_path(r"", NowhereSocket.as_asgi())]
    return OriginValidator(URLRouter(routes), settings.SOCKET_ORIGINS)
