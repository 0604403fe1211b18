"""What the logs leave out: the hundred lines of traceback that Celery writes each second while Redis is away."""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

LOST_CONNECTION = (OperationalError, RedisError, OSError)


class LostConnectionInOneLine(logging.Filter):
    """Keeps the line about a lost connection and drops its traceback. Failures of tasks keep theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, some of them shortened."""
        if record.name.startswith(("celery", "kombu")) and record.exc_info:
            error = record.exc_info[1]
            if isinstance(error, LOST_CONNECTION):
                record.msg, record.args = f"{_first_line(record)} ({type(error).__name__})", ()
                record.exc_info = record.exc_text = None
        return True


def _first_line(record: logging.LogRecord) -> str:
    return record.getMessage().strip().split("\n")[0]
