"""A statement that the sockets' loop puts to PostgreSQL itself: `row = await statement.row(values)`.

Between the loop and one of the threads of `executor.py` two wake-ups stand, each way one, and a lock that both want:
together they take longer than a short statement does (decision 033). So the one that a socket waits for goes without.
It must be safe to run twice: when its connection turns out to be broken it runs once more on a new one.
"""

import asyncio
import re
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import asyncpg
from django.db import DatabaseError, IntegrityError, connection

from practice.live.executor import LIMIT_SECONDS, Busy

LINES: Final = 8  # posts that wait for the disk together are flushed together, so a slow one costs less
WAITING: Final = 200
SETTINGS: Final = {
    "application_name": "rapport-live",
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "tcp_user_timeout": "5s",
    # Planning costs more than running, so it is done once a connection; and a plan made while a table was small would
    # read it whole, for as long as the connection lasts: rows are looked up by their keys, whatever their number.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
BROKEN: Final = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


class Statement:
    """`sql` with `%(name)s` parameters of the types given."""

    def __init__(self, sql: str, **types: str) -> None:
        self.names = tuple(types)
        places = {name: f"${number}::{kind}" for number, (name, kind) in enumerate(types.items(), 1)}
        self.sql = re.sub(r"%\((\w+)\)s", lambda found: places[str(found[1])], sql)

    async def row(self, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return its first row. Commits by itself.

        Raises Busy when 200 wait, after 6 seconds, or without a database; IntegrityError when a row is there already;
        DatabaseError for whatever else PostgreSQL says.
        """
        try:
            return await _lines_here().ask(self.sql, [values[name] for name in self.names])
        except asyncpg.UniqueViolationError as there:
            raise IntegrityError(str(there)) from there
        except (*BROKEN, asyncpg.QueryCanceledError) as away:
            raise Busy from away
        except asyncpg.PostgresError as error:
            raise DatabaseError(str(error)) from error


class Lines:
    """The connections of one loop. One that failed in any way is not used again."""

    def __init__(self) -> None:
        self.free: list[Any] = []
        self.turns = asyncio.Semaphore(LINES)
        self.waiting = 0
        self.generation = 0

    async def ask(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        """Return the statement's first row, by a new connection when the one at hand is broken."""
        if self.waiting >= WAITING:
            raise Busy
        until = asyncio.get_running_loop().time() + LIMIT_SECONDS
        await self._turn()
        try:
            return await self._ask(sql, values, until)
        except (TimeoutError, asyncpg.QueryCanceledError):
            raise
        except BROKEN:
            self.close()  # the others are of the same age
            return await self._ask(sql, values, until)
        finally:
            self.turns.release()

    async def _turn(self) -> None:
        if not self.turns.locked():
            await self.turns.acquire()
            return
        self.waiting += 1
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                await self.turns.acquire()
        finally:
            self.waiting -= 1

    async def _ask(self, sql: str, values: Sequence[Any], until: float) -> Sequence[Any] | None:
        clock = asyncio.get_running_loop().time
        generation = self.generation
        line = self._taken() or await asyncpg.connect(**_address(), timeout=until - clock())
        try:
            row: Sequence[Any] | None = await line.fetchrow(sql, *values, timeout=until - clock())
        except BaseException:
            line.terminate()
            raise
        if generation == self.generation:
            self.free.append(line)
        else:
            line.terminate()
        return row

    def _taken(self) -> Any:
        while self.free:
            line = self.free.pop()
            if not line.is_closed():
                return line
        return None

    def close(self) -> None:
        """Drop the connections that are free now, and the others when they have their answer."""
        self.generation += 1
        while self.free:
            self.free.pop().terminate()


def _address() -> dict[str, Any]:
    """Return Django's own connection parameters in the words of this driver, with our limits on top."""
    given = connection.get_connection_params()
    secure = {name: value for name, value in given.items() if name.startswith("ssl")}
    return {
        "dsn": f"postgresql://?{urlencode(secure)}" if secure else None,
        "host": given.get("host") or None,
        "port": int(given["port"]) if given.get("port") else None,
        "user": given.get("user") or None,
        "password": given.get("password") or None,
        "database": given.get("dbname"),
        "server_settings": {"options": given.get("options", ""), **SETTINGS},
    }


_lines: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Lines]" = weakref.WeakKeyDictionary()


def _lines_here() -> Lines:
    loop = asyncio.get_running_loop()
    if loop not in _lines:
        _lines[loop] = Lines()
    return _lines[loop]


def close_lines() -> None:
    """Close the running loop's connections, when its last socket has gone."""
    _lines_here().close()
