"""The bare side of `chat-paced`: a Channels echo in rooms. Nothing is stored, nobody is asked who they are.

uvicorn benchmarks.bare.chat_echo:application      with REDIS_URL set; sockets at /ws/room/<n>/
"""

import os

from django.conf import settings

settings.configure(
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [
                    {
                        "address": os.environ["REDIS_URL"].split("?")[0] + "?db=3",
                        "socket_timeout": 1,
                        "socket_connect_timeout": 1,
                        "max_connections": 50,
                    }
                ],
                "prefix": "bare",
            },
        }
    }
)

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import URLRouter  # noqa: E402
from django.urls import path  # noqa: E402


class Echo(AsyncWebsocketConsumer):
    """Sends what comes to everyone in the room."""

    async def connect(self) -> None:
        """Join."""
        self.room = f"room{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Pass on."""
        await self.channel_layer.group_send(self.room, {"type": "echo", "text": text_data})

    async def echo(self, event: dict[str, str]) -> None:
        """Say."""
        await self.send(text_data=event["text"])


application = URLRouter([path("ws/room/<int:room>/", Echo.as_asgi())])
