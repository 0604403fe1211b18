"""Both workers: each queue has someone who takes from it. A deaf worker doesn't answer either."""

from typing import Any, Final

from celery import current_app

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine

SECONDS: Final = 2.0
SERVICES: Final = {"engine": "engine", "celery": "worker"}


def look_at_workers() -> list[Finding]:
    """Return who takes from which queue."""
    try:
        answers: Any = current_app.control.inspect(timeout=SECONDS).active_queues() or {}
    except Exception as error:  # kombu raises many kinds
        return [fail(f"the workers can't be asked: {type(error).__name__}", "See `broker`.")]
    takers = {
        queue: sorted(name for name, queues in answers.items() if queue in {one["name"] for one in queues})
        for queue in SERVICES
    }
    missing = [
        fail(
            f"nobody takes from the queue {queue!r}",
            f"Start or restart {service}: systemctl restart rapport-{service}, or the service {service}.",
        )
        for queue, service in SERVICES.items()
        if not takers[queue]
    ]
    return missing or [fine("both queues are taken from", workers={queue: len(who) for queue, who in takers.items()})]


DOCTOR_CHECKS.register("workers", look_at_workers, order=44)
