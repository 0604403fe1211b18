"""Whether Rapport is alive (`/livez`) and well (`/healthz`).

`/livez` is for containers and the proxy: it answers as long as the process can. `/healthz` is for people and monitors:
503 without database or Redis, or when something due waits although it could leave. Alive means lag, not a running
worker; a mail provider that is down makes nobody unwell but itself (see judging.py).
"""

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from practice.notifications import judging
from practice.notifications.holding import SENDS
from practice.notifications.models import EngineLane
from practice.permissions.seats import has_desk
from practice.permissions.second_factor import is_owed

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


def engine_keeps_up() -> bool:
    """Return whether no lane is silent or stands still with something due. One query.

    A send lane that never ticked sends nothing; another lane that never ticked has not been asked for yet.
    """
    try:
        lanes = {lane.name: lane for lane in EngineLane.objects.all()}
    except DatabaseError:
        return False
    now = timezone.now()
    return SENDS in lanes and all(judging.keeps_up(lane, now) for lane in lanes.values())


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
