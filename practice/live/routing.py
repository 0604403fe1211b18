"""Which socket address leads where: what rooms registered, and a last route that closes with 4404."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import re_path

from practice.contributions import SOCKET_ROUTES


class NowhereConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Closes a socket whose address leads nowhere."""

    async def connect(self) -> None:
        """Accept, so that the browser learns the close code, then close."""
        await self.accept()
        await self.close(4404)


def sockets() -> Any:
    """Return the application for web sockets: explicit origins, signed-in session, registered routes."""
    routes = [*SOCKET_ROUTES, re_path(r"", NowhereConsumer.as_asgi())]
    return OriginValidator(AuthMiddlewareStack(URLRouter(routes)), settings.SOCKET_ORIGINS)
