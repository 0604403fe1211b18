"""Beat: pushes ticks. It has no heartbeat of its own; what it pushed is seen in the lanes or in the queues."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis
from django.db.models import Max
from django.utils import timezone

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine
from practice.doctor.checks.broker import QUEUES, queue_key, redis_client
from practice.notifications.cranking import turned_ago
from practice.notifications.holding import is_on_hold
from practice.notifications.models import EngineLane

FRESH: Final = timedelta(seconds=30)
SPARED: Final = 90.0  # seconds: a turn takes a minute, and the next begins soon after
START: Final = "Start beat, exactly one: systemctl restart rapport-beat, or the service beat."


def look_at_beat() -> Finding:
    """Return whether ticks are pushed."""
    now = timezone.now()
    if is_on_hold():
        return fine("the engine is on hold, so ticks leave no trace")
    spared = turned_ago()
    if spared is not None and spared < SPARED:
        says = "no tick comes from beat: the engine's worker turns the crank itself, at a price"
        return fail(says, f"See `broker`. If that is well: {START}")
    newest = EngineLane.objects.aggregate(at=Max("last_tick_at"))["at"]
    if newest and now - newest < FRESH:
        return fine("ticks arrive")
    try:
        pushed = any(_pushed_lately(queue, now) for queue in QUEUES)
    except redis.RedisError:
        return fail("no tick came, and Redis doesn't say whether beat pushes any", "See `broker`.")
    if pushed:
        return fine("ticks are pushed, but nobody takes them: see `workers`")
    return fail("no ticks are pushed", START)


def _pushed_lately(queue: str, now: datetime) -> bool:
    """Whether the newest task in a queue hasn't expired yet: a tick lives ten seconds."""
    client = redis_client()
    try:
        newest: Any = client.lindex(queue_key(queue), 0)
    finally:
        client.close()
    expires = json.loads(newest).get("headers", {}).get("expires") if newest else None
    if not expires:
        return False
    moment = datetime.fromisoformat(expires)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) > now


DOCTOR_CHECKS.register("beat", look_at_beat, order=42)
