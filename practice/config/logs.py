"""How the logs look and what they leave out.

One line an event: JSON in production, readable in `make run` (LOG_FORMAT chooses). Each carries what is known of who
was served: request, route, practice, user, task. Numbers and names of routes, never an address, never a word that a
person wrote. Therefore:

- an exception is told by its type and the places it passed through, not by its message, which may quote what was typed;
- an address is left out of Django's own lines: it may hold a token;
- what libraries say frame by frame (sockets, mail) stays silent even at DEBUG.

Celery writes a hundred lines a second while Redis is away: those are shortened to one.
"""

import logging
import traceback
from typing import Any

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

LOST_CONNECTION = (OperationalError, RedisError, OSError)
WORDY = ("uvicorn", "websockets", "mail.log", "aiosmtpd", "asyncio", "PIL", "gunicorn.access", "parso", "faker")
SQLSTATE = "pgcode"


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


class NoAddresses(logging.Filter):
    """Takes the request's path out of Django's lines; the route's name is in the context."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            path = getattr(request, "path", "")
            record.args = tuple("-" if isinstance(arg, str) and arg == path else arg for arg in record.args)
        return True


class NoWordsOfFailedTasks(logging.Filter):
    """Celery's line about a failed task repeats the exception's message: it is left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if record.name == "celery.app.trace" and record.exc_info and isinstance(record.args, dict):
            record.args = {**record.args, "exc": _kind(record.exc_info[1]), "traceback": ""}
        return True


def told(exc_info: ExcInfo) -> str:
    """Return an exception as its type and the places it passed through, causes first; never its message."""
    error: BaseException | None = exc_info[1]
    parts: list[str] = []
    while error is not None and len(parts) < 5:
        frames = traceback.extract_tb(error.__traceback__)[-20:]
        places = "".join(f"\n  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        parts.insert(0, f"{_kind(error)}{places}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(parts)


def add_practice(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the practice whose scope is open, whoever opened it: a request, a socket, a task."""
    try:
        from django_scopes import get_scope
    except ImportError:
        return event
    practice = get_scope().get("practice")
    if practice:
        event["practice"] = practice if isinstance(practice, int) else practice.pk
    return event


def logging_config(*, as_json: bool, level: str, whole_exceptions: bool = False) -> dict[str, Any]:
    """Return what `logging.config` takes. `whole_exceptions` is for builders alone: messages may quote people."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "house": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _context(),
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *_rendering(as_json=as_json, whole_exceptions=whole_exceptions),
                ],
            }
        },
        "filters": {
            "short": {"()": "practice.config.logs.LostConnectionInOneLine"},
            "no addresses": {"()": "practice.config.logs.NoAddresses"},
            "no words": {"()": "practice.config.logs.NoWordsOfFailedTasks"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "house",
                "filters": ["short", "no addresses", "no words"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"level": "WARNING", "handlers": [], "propagate": True} for name in WORDY},
            "uvicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
            "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
            "django.server": {"level": level, "handlers": [], "propagate": True},
        },
    }


def _context() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        add_practice,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _rendering(*, as_json: bool, whole_exceptions: bool) -> list[Processor]:
    if as_json:
        renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    told_by = structlog.processors.format_exc_info if whole_exceptions else structlog.processors.ExceptionRenderer(told)
    return [told_by, renderer]


def _kind(error: BaseException | None) -> str:
    """Return the type, with PostgreSQL's code for the kind of error where there is one."""
    code = getattr(error, SQLSTATE, None) or getattr(getattr(error, "__cause__", None), SQLSTATE, None)
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} ({code})" if code else name


def _first_line(record: logging.LogRecord) -> str:
    return record.getMessage().strip().split("\n")[0]
