"""The channel layer: a message that is published comes back."""

import asyncio
import uuid
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine

SECONDS = 3.0
BACKEND = "channels_redis.pubsub.RedisPubSubChannelLayer"


def look_at_channel_layer() -> Finding:
    """Return whether a hint would reach an open page."""
    layers: Any = settings.CHANNEL_LAYERS
    if layers["default"]["BACKEND"] != BACKEND:
        return fail("the channel layer isn't the pub/sub one: sockets would be cut when idle", f"Use {BACKEND}.")
    try:
        asyncio.run(_round_trip())
    except Exception as error:  # the layer raises what redis-py raises, and more
        says = f"a published message didn't come back: {type(error).__name__}"
        return fail(says, "See `broker`. Meanwhile open pages learn of news within six seconds, from the database.")
    return fine("a published message comes back")


async def _round_trip() -> None:
    layer: Any = get_channel_layer()
    group, mark = f"doctor.{uuid.uuid4().hex}", uuid.uuid4().hex
    async with asyncio.timeout(SECONDS):
        channel = await layer.new_channel()
        await layer.group_add(group, channel)
        await layer.group_send(group, {"type": "doctor", "mark": mark})
        while (await layer.receive(channel)).get("mark") != mark:
            pass
        await layer.group_discard(group, channel)
        await layer.flush()


DOCTOR_CHECKS.register("channel layer", look_at_channel_layer, order=32)
