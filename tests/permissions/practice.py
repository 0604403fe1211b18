"""Who gets what from the addresses of `practice`."""

from typing import Any

from django.utils import timezone

from practice.notifications.models import EngineLane
from tests.people import World
from tests.permissions.row import Row, everyone


def with_a_ticking_engine(world: World) -> dict[str, Any]:
    """Let the engine have ticked just now."""
    EngineLane.objects.update_or_create(name="sends", defaults={"last_tick_at": timezone.now()})
    return {}


ROWS: list[Row] = [
    Row("pages:livez", "GET", everyone(200)),
    Row("pages:healthz", "GET", everyone(200), with_a_ticking_engine),
]
