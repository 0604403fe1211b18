"""Where this checkout's own servers are, for whoever has no address configured."""

from practice.config.env import BASE_DIR, env
from practice.config.stack.places import Places


def places_of_this_checkout() -> Places:
    """`STACK_DIR`, by default `var/` beside `manage.py`."""
    return Places(BASE_DIR / env.text("STACK_DIR", "var"))


def embedded_database_url() -> str:
    """Where `manage.py` finds the embedded PostgreSQL."""
    return places_of_this_checkout().database_url()


def embedded_redis_url() -> str:
    """Where `manage.py` finds the embedded Valkey."""
    return places_of_this_checkout().redis_url
