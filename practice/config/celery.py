"""The Celery application. It turns the crank; what is due when stands in PostgreSQL."""

import gc
import logging.config
import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import celeryd_after_setup, setup_logging, task_postrun, task_prerun, worker_init

from practice.config.broker import broker_settings
from practice.config.env import env
from practice.config.schedule import SCHEDULE
from practice.config.spare import ENGINE_QUEUE, start_watching
from practice.config.stack.embedded import embedded_redis_url

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.config.settings")

app = Celery("rapport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(broker_settings(env, env.text("REDIS_URL", embedded_redis_url())))
app.autodiscover_tasks()
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["practice.notifications", "practice.audit"])


@setup_logging.connect
def log_as_django_does(**_: Any) -> None:
    """Let workers and beat write the same lines as the web, instead of Celery's own set-up."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def note_task(task_id: str, task: Any, **_: Any) -> None:
    """Let every line of a task carry its name and number."""
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def forget_task(**_: Any) -> None:
    """The next task starts with nothing."""
    structlog.contextvars.unbind_contextvars("task", "task_id")


@celeryd_after_setup.connect
def turn_the_crank_without_a_broker(instance: Any, **_: Any) -> None:
    """Let the engine's worker see to it that ticks go on when the broker brings none, even at the start."""
    if ENGINE_QUEUE in instance.app.amqp.queues.consume_from:
        start_watching()


@worker_init.connect
def share_memory(**_: Any) -> None:
    """Load everything once, then keep the collector off it: the pool's processes share these pages."""
    app.loader.import_default_modules()
    gc.collect()
    gc.freeze()
