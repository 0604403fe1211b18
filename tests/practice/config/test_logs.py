"""Lost connections take one line, failed tasks keep their traceback."""

import logging
import sys

import pytest
from redis.exceptions import ConnectionError as LostRedis

from practice.config.logs import LostConnectionInOneLine


def record_of(error: Exception, name: str) -> logging.LogRecord:
    """A log record written while handling this error."""
    try:
        raise error
    except Exception:
        return logging.LogRecord(name, logging.ERROR, "", 1, "beat: cannot send %s\nmore", ("tick",), sys.exc_info())


@pytest.mark.parametrize(
    ("error", "name", "short"),
    [
        (LostRedis("gone"), "celery.beat", True),
        (OSError("gone"), "kombu.connection", True),
        (ValueError("bad"), "celery.app.trace", False),
        (OSError("gone"), "homework.tasks", False),
    ],
)
def test_only_lost_connections_of_celery_lose_their_traceback(error: Exception, name: str, short: bool) -> None:
    record = record_of(error, name)

    assert LostConnectionInOneLine().filter(record)
    assert (record.exc_info is None) is short
    assert (record.getMessage() == f"beat: cannot send tick ({type(error).__name__})") is short
