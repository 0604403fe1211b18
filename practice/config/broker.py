"""How we talk to Celery's broker. Knows no Django, so that the beat needs none."""

from typing import Any

from practice.config.env import Env, celery_url

DATABASE = 0


def broker_settings(env: Env, redis_url: str) -> dict[str, Any]:
    """Return the settings that the web, the workers and the beat share."""
    return {
        "broker_url": celery_url(redis_url, DATABASE),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,  # a full Redis refuses to note what was fetched: that ended the worker
        "worker_consumer": "practice.config.consumer:PatientConsumer",
        "broker_transport_options": {
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "health_check_interval": 10,
            "retry_on_timeout": True,
            "global_keyprefix": env.text("LAYER_PREFIX", "rapport") + ":",
        },
        "task_ignore_result": True,
        "beat_max_loop_interval": 1,
        "task_routes": {"homework.tasks.engine_tick": {"queue": "engine"}},
        "timezone": "UTC",
    }
