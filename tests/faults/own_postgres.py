"""A PostgreSQL of one test's own, which may be killed, stopped or filled. It keeps what it acknowledged."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from practice.config.stack import postgres
from practice.config.stack.places import Places
from tests import database
from tests.servers import Running

NAME = "app"


class Postgres:
    """The server with a migrated database, in which this process and its children work meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder)
        self.places.make()
        self.url = self.places.database_url(NAME)
        command = postgres.command(self.places, settings=("synchronous_commit=on",), connections=60)
        self.running = Running(command, log=folder / "postgres.log")

    def start(self) -> None:
        """Start it, or start it again."""
        self.running.start()

    def die(self) -> None:
        """Stop at once, as `pg_ctl stop -m immediate` does: nothing is written out any more."""
        self.running.send(signal.SIGQUIT)
        self.running.process.wait(60)

    def processes(self) -> list[int]:
        """Return the server's processes, the postmaster first: each backend has a session of its own."""
        parent = self.running.process.pid
        found = [parent]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(re.sub(r"\(.*\)", "x", stat.read_text()).split()[3]) == parent:
                    found.append(int(stat.parent.name))
        return found

    @contextlib.contextmanager
    def hanging(self, seconds: float) -> Iterator[None]:
        """All of it stands still; connections can be opened, nobody answers."""
        stopped = self.processes()
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            yield
            time.sleep(seconds)
        finally:
            for pid in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def own_postgres(folder: Path) -> Iterator[Postgres]:
    """Start one with a copy of the migrated template; stop it afterwards."""
    database.make_template()
    made = Postgres(folder)
    made.start()
    postgres.create_database(made.places, NAME)
    programs = postgres.binaries()
    dump = [str(programs / "pg_dump"), "--no-owner", database.places().database_url(database.TEMPLATE)]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
        load = [str(programs / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, made.url]
        subprocess.run(load, stdin=source.stdout, check=True)
    before = dict(connection.settings_dict), os.environ["DATABASE_URL"]
    connection.close()
    connection.settings_dict.update(NAME=NAME, HOST=str(made.places.run))
    os.environ["DATABASE_URL"] = made.url
    try:
        yield made
    finally:
        connection.close()
        connection.settings_dict.update(before[0])
        os.environ["DATABASE_URL"] = before[1]
        made.running.stop()
