"""What a line of the logs carries, and what it leaves out."""

import contextlib
import io
import json
import logging
import logging.config
import sys

import pytest
import structlog
from django.db import DataError
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as LostRedis

from practice.config.celery import forget_task, note_task
from practice.config.logs import LostConnectionInOneLine, logging_config
from practice.notifications.tasks import outbox_tick
from practice.tenancy import scope

SECRET = "marmalade-lighthouse-4711"


@contextlib.contextmanager
def written_as(*, as_json, level):
    """Logs set up as production does, into a text of our own."""
    before, written = (logging.root.handlers[:], logging.root.level), io.StringIO()
    config = logging_config(as_json=as_json, level=level)
    config["handlers"]["console"]["stream"] = written
    logging.config.dictConfig(config)
    structlog.contextvars.clear_contextvars()
    yield written
    logging.root.handlers[:], logging.root.level = before[0], before[1]
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def line():
    """Calling it returns what was written so far, as objects."""
    with written_as(as_json=True, level="DEBUG") as written:
        yield lambda: [json.loads(text) for text in written.getvalue().splitlines()]


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
        (OperationalError("gone"), "kombu.connection", True),
        (ValueError("bad"), "celery.app.trace", False),
        (OSError("gone"), "homework.tasks", False),
    ],
)
def test_only_lost_connections_of_celery_lose_their_traceback(error: Exception, name: str, short: bool) -> None:
    record = record_of(error, name)

    assert LostConnectionInOneLine().filter(record)
    assert (record.exc_info is None) is short
    assert (record.getMessage() == f"beat: cannot send tick ({type(error).__name__})") is short


def test_an_exception_is_told_by_its_type_and_its_places(line):
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise DataError(f'invalid input: "{SECRET}"') from cause
    except DataError:
        logging.getLogger("homework").exception("row %s failed", 7)
    (written,) = line()
    assert SECRET not in json.dumps(written)
    assert (written["event"], written["level"], written["logger"]) == ("row 7 failed", "error", "homework")
    assert written["exception"].startswith("ValueError\n")
    assert "django.db.utils.DataError\n" in written["exception"]
    assert "test_logs.py:" in written["exception"]


def test_a_failed_task_is_told_without_its_words(line):
    try:
        raise ValueError(SECRET)
    except ValueError:
        facts = {"name": "x", "id": "1", "exc": f"ValueError('{SECRET}')", "traceback": SECRET}
        logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s", facts, exc_info=True)
    (written,) = line()
    assert written["event"] == "Task x raised: ValueError"
    assert SECRET not in json.dumps(written)


def test_libraries_that_quote_frames_stay_silent(line):
    for name in ("uvicorn.error", "websockets.server", "mail.log", "gunicorn.access", "uvicorn.access"):
        logging.getLogger(name).debug("< TEXT %r", SECRET)
        logging.getLogger(name).info("GET /%s", SECRET)
    assert line() == []


def test_a_line_says_which_task_it_belongs_to(line):
    note_task(task_id="abc", task=outbox_tick)
    logging.getLogger("practice").warning("late")
    forget_task()
    logging.getLogger("practice").warning("idle")
    first, second = line()
    assert (first["task"], first["task_id"]) == ("practice.notifications.tasks.outbox_tick", "abc")
    assert "task" not in second


def test_a_line_says_whose_practice_is_open(line, world):
    with scope(practice=world.practice):
        logging.getLogger("practice").warning("late")
    assert line()[0]["practice"] == world.practice.pk


def test_a_request_leaves_its_number_its_route_and_who_but_no_address(line, world, client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = world.as_(world.therapist).get(f"/desk/clients/987654/?q={SECRET}")
    assert answer.status_code == 404
    (written,) = [one for one in line() if one["logger"] == "django.request"]
    assert written["event"] == "Not Found: -"
    assert (written["request"], written["user"]) == (answer.headers["X-Request-ID"], world.therapist.pk)
    assert written["practice"] == world.practice.pk
    assert written["route"].startswith("clients:")
    assert "987654" not in json.dumps(written)
    assert SECRET not in json.dumps(written)


def test_readable_lines_for_a_laptop():
    with written_as(as_json=False, level="INFO") as written:
        logging.getLogger("practice").info("ready")
    assert "ready" in written.getvalue()
    assert "{" not in written.getvalue()
