"""The beat's own Celery application: the schedule and the broker, nothing else. Half the memory of one with Django."""

import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from practice.config.broker import broker_settings
from practice.config.env import env
from practice.config.logs import logging_config
from practice.config.schedule import SCHEDULE
from practice.config.stack.embedded import embedded_redis_url

app = Celery("rapport-beat", set_as_current=True)
app.conf.update(broker_settings(env, env.text("REDIS_URL", embedded_redis_url())))
app.conf.beat_schedule = SCHEDULE


@setup_logging.connect
def log_as_the_others_do(**_: Any) -> None:
    """Write the same lines as the web and the workers."""
    as_json = env.choice("LOG_FORMAT", {"json", "line"}, "line" if env.flag("DEMO") else "json") == "json"
    logging.config.dictConfig(logging_config(as_json=as_json, level=env.text("LOG_LEVEL", "WARNING")))
