"""The application's own processes: mail sink, web, two workers, beat."""

import random
import socket
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from practice.config.stack.commands import CannotStart, Command

LOOPBACK = "127.0.0.1"
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared, not bound
SOCKETS = ("--ws", "websockets-sansio", "--ws-per-message-deflate", "false")
PINGS = ("--ws-ping-interval", "25", "--ws-ping-timeout", "40")  # a phone on a bad line gets more than the default 20 s
ALONE = ("--http", "h11", "--no-proxy-headers")  # no proxy in front: headers are bounded, no address taken on trust
QUIET = (
    "--lifespan",
    "off",
    "--no-access-log",
    "--no-server-header",
    "--log-level",
    "warning",
    "--timeout-graceful-shutdown",
    "8",
)
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "practice.config")
BEAT = (sys.executable, "-m", "celery", "--quiet", "-A", "practice.config.beat")
WORKER = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--concurrency", "2")


def reachable(host: str) -> str:
    """The address under which a server bound to `host` is found from here."""
    return LOOPBACK if host in EVERYWHERE else host


def refuse_taken_port(host: str, port: int) -> None:
    """Raises CannotStart when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"cannot listen on {host}:{port} ({error.strerror}). Choose another port: PORT={port + 1} make run"
            ) from error


def free_port() -> int:
    """A TCP port of the loopback address that nobody uses now.

    None of those that the system gives to whoever calls out: such a call could take it before it is listened on, or
    while what listens there is restarted.
    """
    while True:
        port = random.randrange(10_000, 32_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port


def listens(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection((host, port), 2).close()
    except OSError:
        return False
    return True


def answered_name(allowed_hosts: list[str]) -> str:
    """A host name that the web answers to, by the setting of that name."""
    names = (name.lstrip(".") for name in allowed_hosts)
    return next((name for name in names if name and name != "*"), "localhost")


def lives(host: str, port: int, name: str) -> bool:
    """Whether the web answers `/livez` under that name within two seconds."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/livez", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def mail(*, port: int, folder: Path) -> Command:
    """The demo's mail server: keeps each mail as a file, sends none on."""
    return Command(
        name="mail",
        argv=(sys.executable, "-m", "practice.config.stack.mail", "--port", str(port), "--folder", str(folder)),
        ready=lambda _pid: listens(LOOPBACK, port),
        grace=3,
    )


def web(*, host: str, port: int, name: str = "localhost") -> Command:
    """Pages and sockets in one process. `name` is one that it answers to."""
    address = ("--host", host, "--port", str(port))
    return Command(
        name="web",
        argv=(
            sys.executable,
            "-m",
            "uvicorn",
            "practice.config.asgi:application",
            *address,
            *SOCKETS,
            *PINGS,
            *ALONE,
            *QUIET,
        ),
        ready=lambda _pid: lives(reachable(host), port, name),
        grace=12,
    )


def engine() -> Command:
    """The worker that turns the timed-send engine's crank and does nothing else."""
    argv = (*CELERY, "worker", "-Q", "engine", "-n", "engine@%h", *WORKER)
    return Command(name="engine", argv=argv, grace=15, environment={"PROCESS": "engine"})


def worker() -> Command:
    """The worker for the outbox, the planner and the rest."""
    argv = (*CELERY, "worker", "-Q", "celery", "-n", "worker@%h", *WORKER)
    return Command(name="worker", argv=argv, grace=15, environment={"PROCESS": "worker"})


def beat(*, schedule: Path) -> Command:
    """The clock that pushes ticks."""
    files = ("--schedule", str(schedule), "--pidfile=")
    return Command(
        name="beat", argv=(*BEAT, "beat", "--loglevel", "WARNING", *files), grace=5, environment={"PROCESS": "beat"}
    )
