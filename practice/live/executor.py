"""Threads with a kept database connection, for the sockets of one process: `events = await database(_page, …)`.

`database_sync_to_async` is one thread for all sockets and connects anew on each call; this isn't. What is handed in
is synchronous, short and safe to run twice (same client uuid, same answer): when the connection turns out to be
broken it is closed and the work runs once more on a new one. Whatever else it raises comes straight back.
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, connections
from django.db.backends.signals import connection_created

P = ParamSpec("P")
T = TypeVar("T")
THREAD_NAME: Final = "live-database"
LIMITS: Final = (
    "SET statement_timeout = '3s'; SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '5s';"
    " SET tcp_user_timeout = '5s'; SET application_name = 'rapport-live'"
)
LIMIT_SECONDS: Final = 6.0


class Busy(Exception):
    """Too much is waiting, or for too long: answer 4429 or 503 and let them come again."""


def on_own_thread() -> bool:
    """Return whether this runs on one of these threads, where the connection is kept."""
    return threading.current_thread().name.startswith(THREAD_NAME)


class DatabaseThreads:
    """A small pool whose threads keep their connection."""

    def __init__(self, threads: int = 4, waiting: int = 200) -> None:
        self.threads = threads
        self.waiting = waiting
        self.count = 0
        self.lock = threading.Lock()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=THREAD_NAME)  # starts no thread before the first job

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` on one of the threads and return its result. Raises Busy when 200 jobs wait, or after 6 seconds.

        What was begun by then may still come to its end: whoever asks again must get the same answer.
        """
        with self.lock:
            if self.count >= self.waiting:
                raise Busy
            self.count += 1
        here = contextvars.copy_context()  # the language and the practice's scope come along
        job = self.pool.submit(here.run, self._run, work, args, kwargs)
        job.add_done_callback(self._done)  # also when cancelled before it ran
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                return await asyncio.wrap_future(job)  # type: ignore[return-value]
        except TimeoutError as late:
            raise Busy from late

    def _done(self, job: "Future[Any]") -> None:
        with self.lock:
            self.count -= 1

    def _run(self, work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        mine = None
        try:
            connection.ensure_connection()
            mine = connection.connection
            return work(*args, **kwargs)
        except (OperationalError, InterfaceError):
            # A connection lost inside atomic() was already replaced by Django: compare, don't only ask.
            if connection.connection is not None and connection.connection is mine and connection.is_usable():
                raise  # a deadlock or a timeout is not the connection's fault
            connection.close()
            return work(*args, **kwargs)
        finally:
            if connection.connection is not None and (connection.in_atomic_block or not connection.get_autocommit()):
                connection.close()  # never keep an open transaction

    def close(self) -> None:
        """Close every thread's connection (tests, before the database is dropped)."""
        gate = threading.Barrier(self.threads)

        def leave() -> None:
            gate.wait(10)
            connections.close_all()

        wait([self.pool.submit(leave) for _ in range(self.threads)])


def _set_limits(connection: Any, **kwargs: Any) -> None:
    if on_own_thread():
        with connection.cursor() as cursor:
            cursor.execute(LIMITS)


connection_created.connect(_set_limits, dispatch_uid="practice.live.executor")
database = DatabaseThreads()
