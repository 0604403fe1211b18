"""Whether Rapport is alive (`/livez`) and well (`/healthz`).

`/livez` is for containers and the proxy: it answers as long as the process can. `/healthz` is for people and monitors:
503 without database or Redis, or when something due has been waiting too long. Alive means lag, not a running worker.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from practice.notifications.holding import SENDS
from practice.notifications.models import EngineLane
from practice.permissions.seats import has_desk
from practice.permissions.second_factor import is_owed

LONGEST_LAG = timedelta(seconds=60)
REDIS_SECONDS = 2

logger = logging.getLogger(__name__)


def database_answers() -> bool:
    """Return whether PostgreSQL answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def redis_answers() -> bool:
    """Return whether Redis answers within two seconds."""
    limits = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    client = redis.Redis.from_url(settings.REDIS_BROKER_URL, **limits)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def engine_lag(now: datetime) -> timedelta | None:
    """Return how long the oldest due thing has been waiting in any lane that isn't held. One query.

    A send lane that stopped ticking can't say what is due: its silence counts as lag. None when it never ticked.
    """
    lanes = {lane.name: lane for lane in EngineLane.objects.all()}
    sends = lanes.get(SENDS)
    if sends is None or sends.last_tick_at is None:
        return None
    running = [lane for lane in lanes.values() if not lane.hold]
    waiting = [now - lane.oldest_due_at for lane in running if lane.oldest_due_at is not None]
    silence = timedelta() if sends.hold else now - sends.last_tick_at
    return max([silence, *waiting])


def engine_keeps_up() -> bool:
    """Return whether nothing due waits longer than a minute."""
    try:
        lag = engine_lag(timezone.now())
    except DatabaseError:
        return False
    return lag is not None and lag <= LONGEST_LAG


PARTS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "redis": redis_answers,
    "engine": engine_keeps_up,
}


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def healthy(request: HttpRequest) -> JsonResponse:
    """Answer 200 or 503; what is wrong is named to staff alone, and to the log."""
    wrong = [part for part, is_well in PARTS.items() if not is_well()]
    if not wrong:
        return JsonResponse({"status": "ok"})
    logger.warning("unhealthy: %s", ", ".join(wrong))
    answer: dict[str, object] = {"status": "unavailable"}
    if _is_staff(request):
        answer["wrong"] = wrong
    return JsonResponse(answer, status=503)


def _is_staff(request: HttpRequest) -> bool:
    try:
        user = request.user
        return user.is_authenticated and has_desk(user) and not is_owed(user, request.session)
    except DatabaseError:
        return False
