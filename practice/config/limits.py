"""How long the database works or waits for a process of ours, by the kind of process (PROCESS).

They travel as connection options, so they hold from the first statement and for no other program. Whoever puts a
transaction pooler in between, which drops such options, sets the same by ALTER ROLE … SET.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SECOND, MINUTE = 1_000, 60_000
KINDS: Final = ("web", "live", "engine", "worker", "beat", "command")
LIMITS: Final[dict[str, dict[str, int]]] = {
    "web": {  # below gunicorn's 30 s
        "statement_timeout": 20 * SECOND,
        "lock_timeout": 5 * SECOND,
        "idle_in_transaction_session_timeout": 30 * SECOND,
        "idle_session_timeout": 10 * MINUTE,
    },
    "live": {  # its own threads are stricter still (practice/live/executor.py)
        "statement_timeout": 20 * SECOND,
        "lock_timeout": 5 * SECOND,
        "idle_in_transaction_session_timeout": 30 * SECOND,
        "idle_session_timeout": 30 * MINUTE,
    },
    "engine": {
        "statement_timeout": 30 * SECOND,
        "lock_timeout": 2 * SECOND,
        "idle_in_transaction_session_timeout": 60 * SECOND,
        "idle_session_timeout": 10 * MINUTE,
    },
    "worker": {  # below Celery's 120 s
        "statement_timeout": 90 * SECOND,
        "lock_timeout": 5 * SECOND,
        "idle_in_transaction_session_timeout": 90 * SECOND,
        "idle_session_timeout": 10 * MINUTE,
    },
}


def connection_options(process: str, given: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the driver's options: the process's name, its limits, and what DATABASE_URL says.

    A command by hand may take its time. Server settings in the address stand beside the limits, and before them where
    they say another one.
    """
    settings = [f"-c {name}={value}" for name, value in LIMITS.get(process, {}).items()]
    options = " ".join([*settings, *filter(None, [given.get("options")])])
    return {"application_name": f"rapport-{process}", **given, **({"options": options} if options else {})}
