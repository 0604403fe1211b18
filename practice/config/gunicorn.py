"""How gunicorn serves the pages in production. Every name here is one of its settings."""

import gc

from practice.config.env import env
from practice.config.logs import logging_config

bind = env.text("WEB_BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = env.number("WEB_WORKERS", 2)
threads = env.number("WEB_THREADS", 8)
timeout = 30
graceful_timeout = 20
keepalive = 75  # longer than the proxy keeps its connections
max_requests = 10_000
max_requests_jitter = 1_000
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat on a disk can stall
forwarded_allow_ips = "*"  # only the proxy reaches this port
accesslog = None  # addresses of pages are nobody's business
logconfig_dict = logging_config(
    as_json=env.choice("LOG_FORMAT", {"json", "line"}, "json") == "json", level=env.text("LOG_LEVEL", "WARNING")
)
preload_app = True  # loaded once: the processes share what never changes


def when_ready(server: object) -> None:
    """Keep the collector off what is shared, or each process would copy it; and let it look once a page or two.

    A long page makes thousands of things that live as long as it does: looked at every 700, they cost a fifth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
