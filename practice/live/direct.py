"""A statement that the sockets' loop puts to PostgreSQL itself: `row = await statement.row(values)`.

Between the loop and one of the threads of `executor.py` two wake-ups stand, each way one, and a lock that both want:
together they take longer than a short statement does (decision 033). So the one that a socket waits for goes without.
It must be safe to run twice: when its connection turns out to be broken it runs once more on a new one.
This driver knows fewer ways to a database than Django's: `Unreachable` says that a thread may still get there.
"""

import asyncio
import logging
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
TAKEN_OVER: Final = {"host", "port", "user", "password", "dbname", "options"}
SAID_ALIKE: Final = {"passfile", "service", "target_session_attrs", "krbsrvname"} | {
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword", "sslnegotiation",
    "ssl_min_protocol_version", "ssl_max_protocol_version",
}  # fmt: skip
NOT_NEEDED: Final = re.compile(
    "application_name|client_encoding|connect_timeout|cursor_factory|keepalives.*|tcp_user.*"
)
log = logging.getLogger(__name__)


class Unreachable(Busy):
    """No connection of the loop's own could be opened. Asking in another way is as safe as asking twice."""


class Statement:
    """`sql` with `%(name)s` parameters of the types given."""

    def __init__(self, sql: str, **types: str) -> None:
        self.names = tuple(types)
        places = {name: f"${number}::{kind}" for number, (name, kind) in enumerate(types.items(), 1)}
        self.sql = re.sub(r"%\((\w+)\)s", lambda found: places[str(found[1])], sql)

    async def row(self, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return its first row. Commits by itself.

        Raises Busy when 200 wait or after 6 seconds, Unreachable without a connection; IntegrityError when a row is
        there already; DatabaseError for whatever else PostgreSQL says.
        """
        try:
            return await _lines_here().ask(self.sql, [values[name] for name in self.names])
        except asyncpg.UniqueViolationError as there:
            raise IntegrityError(str(there)) from there
        except (*BROKEN, asyncpg.QueryCanceledError) as away:
            raise Busy from away
        except (asyncpg.PostgresError, asyncpg.InternalClientError) as error:
            raise DatabaseError(str(error)) from error


class Lines:
    """The connections of one loop. One that failed in any way is not used again."""

    def __init__(self) -> None:
        self.free: list[Any] = []
        self.turns = asyncio.Semaphore(LINES)
        self.waiting = 0
        self.generation = 0
        self.are_kept = True
        self.are_reached = True

    async def ask(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        """Return the statement's first row, by a new connection when the one at hand is broken."""
        if self.waiting >= WAITING:
            raise Busy
        # The driver's own limits count for each of its steps anew, and not for all of them.
        async with asyncio.timeout(LIMIT_SECONDS):
            await self._turn()
            try:
                return await self._ask(sql, values)
            except asyncpg.QueryCanceledError:
                raise
            except BROKEN:
                self.close()  # the others are of the same age
                return await self._ask(sql, values)
            finally:
                self.turns.release()

    async def _turn(self) -> None:
        if not self.turns.locked():
            await self.turns.acquire()  # comes back at once
            return
        self.waiting += 1
        try:
            await self.turns.acquire()
        finally:
            self.waiting -= 1

    async def _ask(self, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
        generation = self.generation
        line = self._taken() or await self._connected()
        try:
            row: Sequence[Any] | None = await line.fetchrow(sql, *values)
        except BaseException:
            line.terminate()
            raise
        if generation == self.generation and self.are_kept:
            self.free.append(line)
        else:
            line.terminate()
        return row

    async def _connected(self) -> Any:
        try:
            line = await asyncpg.connect(**_address(), timeout=None)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as no:
            if self.are_reached:
                log.warning("no connection of the sockets' own: %s: %s", type(no).__name__, no)
            self.are_reached = False
            raise Unreachable from no
        self.are_reached = True
        return line

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
    """Return Django's own connection parameters in the words of this driver, with our limits on top.

    Raises ValueError for one that it doesn't know: leaving it out might be less safe than was asked for.
    """
    given = connection.get_connection_params()
    unknown = {name for name in given.keys() - TAKEN_OVER - SAID_ALIKE if not NOT_NEEDED.fullmatch(name)}
    if unknown or given.get("sslrootcert") == "system":
        raise ValueError(f"asyncpg doesn't know {', '.join(sorted(unknown)) or 'sslrootcert=system'}")
    alike = {name: value for name, value in given.items() if name in SAID_ALIKE}
    hosts, ports = (str(given.get(name) or "") for name in ("host", "port"))
    return {
        "dsn": f"postgresql://?{urlencode(alike)}" if alike else None,
        "host": hosts.split(",") if hosts else None,
        "port": _ports(ports) if ports else None,
        "user": given.get("user") or None,
        "password": given.get("password") or None,
        "database": given.get("dbname"),
        "server_settings": {"options": given.get("options", ""), **SETTINGS},
    }


def _ports(ports: str) -> int | list[int]:
    """Return the one for all hosts, or each host's own."""
    several = [int(port) for port in ports.split(",")]
    return several if len(several) > 1 else several[0]


_lines: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Lines]" = weakref.WeakKeyDictionary()


def _lines_here() -> Lines:
    loop = asyncio.get_running_loop()
    if loop not in _lines:
        _lines[loop] = Lines()
    return _lines[loop]


def keep_lines() -> None:
    """Keep the running loop's connections from now on: there is a socket."""
    _lines_here().are_kept = True


def close_lines() -> None:
    """Close the running loop's connections, when its last socket has gone; who still waits for an answer keeps none."""
    _lines_here().are_kept = False
    _lines_here().close()
