"""Who gets what from the addresses of `practice`."""

from typing import Any

from django.core import signing
from django.utils import timezone

from practice.notifications.models import Channel, EngineLane
from practice.notifications.writing import SALT
from tests.people import World
from tests.permissions.row import PEOPLE, Row, SocketRow, everyone


def with_a_ticking_engine(world: World) -> dict[str, Any]:
    """Let the engine have ticked just now."""
    EngineLane.objects.update_or_create(name="sends", defaults={"last_tick_at": timezone.now()})
    return {}


def with_a_stop_link(world: World) -> dict[str, Any]:
    """Return the link of the client's mails; whoever holds it may stop them."""
    return {"token": signing.dumps([world.client.user_id, Channel.EMAIL], salt=SALT)}


ROWS: list[Row] = [
    Row("notifications:unsubscribe", "GET", everyone(200), with_a_stop_link),
    Row("notifications:unsubscribe", "POST", everyone(200), with_a_stop_link),
    Row("pages:livez", "GET", everyone(200)),
    Row("pages:healthz", "GET", everyone(200), with_a_ticking_engine),
]

SOCKET_ROWS: list[SocketRow] = [
    SocketRow("live", lambda world: "/ws/live/", {person: person != "anonymous" for person in PEOPLE}),
]
