"""Redis or Valkey: answers, throws nothing away, has room, and no queue is growing."""

from typing import Any

import redis
from celery import current_app
from django.conf import settings

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn

SECONDS = 3
MANY_WAITING = 200
QUEUES = ("engine", "celery")


def redis_client() -> redis.Redis:
    """Return a client of the broker's database that gives up soon."""
    return redis.Redis.from_url(
        settings.REDIS_BROKER_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, decode_responses=True
    )


def look_at_broker() -> list[Finding]:
    """Return how the server is set up and what waits in it."""
    client = redis_client()
    try:
        info: Any = client.info()
        waiting = {queue: int(client.llen(queue_key(queue))) for queue in QUEUES}  # type: ignore[arg-type]
    except redis.RedisError as error:
        reason = str(error).splitlines()[0][:160]
        do = "Start it, and check REDIS_URL. Pages and sign-in go on without it; sends and mails too, a little later."
        return [fail(f"Redis doesn't answer: {reason}", do)]
    finally:
        client.close()
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = info.get("valkey_version") or info["redis_version"]
    return [fine(f"{name} {version} answers", waiting=waiting), *_memory(info), *_queues(waiting)]


def queue_key(queue: str) -> str:
    """Return where a queue's tasks lie in Redis."""
    options: dict[str, Any] = current_app.conf.broker_transport_options
    return f"{options['global_keyprefix']}{queue}"


def _memory(info: dict[str, Any]) -> list[Finding]:
    found, policy = [], str(info.get("maxmemory_policy", ""))
    if policy and policy != "noeviction":
        says = f"maxmemory-policy is {policy}: ticks may be thrown away when it is full"
        found.append(warn(says, "Set maxmemory-policy noeviction; keep other caches in a server of their own."))
    used, limit = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if limit and used > 0.8 * limit:
        says = f"{used / limit:.0%} of its memory is used"
        found.append(warn(says, "Raise maxmemory, and find out what fills it: Rapport needs less than 20 MB."))
    return found


def _queues(waiting: dict[str, int]) -> list[Finding]:
    return [
        warn(f"{count} tasks wait in the queue {queue!r}", "Nobody takes them: see `workers`. Nothing is lost by it.")
        for queue, count in waiting.items()
        if count > MANY_WAITING
    ]


DOCTOR_CHECKS.register("broker", look_at_broker, order=30)
