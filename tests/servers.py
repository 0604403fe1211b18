"""Real servers for tests: a PostgreSQL for the session, a Valkey for each process of it, and any child of a test.

    python -m tests.servers      keeps both running and prints what to export, so that quick runs start no PostgreSQL

Every server runs in a fresh temporary folder and dies with the process that started it, even when that is killed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from practice.config.stack import postgres, valkey
from practice.config.stack.commands import Command
from practice.config.stack.places import Places
from tests.forks import Forked, fork

PREFIX = "rapport-tests-"
READY_SECONDS = 60.0
NEW_SECONDS = 60.0  # a folder this new may not be locked yet
MEMORY = Path("/dev/shm")
ENOUGH = 3 << 30  # bytes free, so that neither a container's 64 MB nor a small machine is filled


class Running:
    """A started command of the stack. Its lines go to a file, so that a failing test can show them."""

    def __init__(self, command: Command, *, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.command = command
        self.log = log
        self.environment = dict(environment or {})
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> "Running":
        """Start it and return when it is ready. Raises when it ends before that or takes a minute."""
        self.command.prepare()
        told = {**os.environ, **self.command.environment, **self.environment}
        self.process = fork(self.command.argv, environment=told, log=self.log) or self._start_plainly(told)
        deadline = time.monotonic() + READY_SECONDS
        while not self.command.ready(self.process.pid):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.command.name} did not start:\n{self.lines()}")
            time.sleep(0.02)
        return self

    def _start_plainly(self, told: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self.command.launch,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=told,
                start_new_session=True,
            )

    def lines(self) -> str:
        """The end of what it printed."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def send(self, number: signal.Signals) -> None:
        """Signal the process with its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Kill it with its group, and wait."""
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end; kill it when it doesn't."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.command.stop)
        try:
            self.process.wait(self.command.grace)
        except subprocess.TimeoutExpired:
            self.kill()
        self.send(signal.SIGKILL)  # what it left behind


class Folder:
    """A temporary folder, locked while in use; those that killed sessions left behind are swept away."""

    def __init__(self) -> None:
        sweep()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=roomy_memory()))
        self.lock: IO[str] = (self.path / "lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Take it away."""
        self.lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


def roomy_memory() -> Path | None:
    """Memory that looks like a disk, when there is plenty. A database is copied for each test that commits: a thousand
    files, for which a disk's book-keeping costs up to half a second of a core.
    """
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free > ENOUGH and os.access(MEMORY, os.W_OK):
            return MEMORY
    return None


def sweep() -> None:
    """Remove folders of ours whose owner is gone."""
    for folder in [found for place in (tempfile.gettempdir(), MEMORY) for found in Path(place).glob(f"{PREFIX}*")]:
        with contextlib.suppress(OSError), (folder / "lock").open("r+") as lock:
            if time.time() - folder.stat().st_mtime < NEW_SECONDS:
                continue
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def start_postgres(places: Places) -> Running:
    """A PostgreSQL that forgets everything when the machine dies, and is quick for it."""
    places.make()
    command = postgres.command(places, settings=postgres.FORGETFUL, connections=100)
    return Running(command, log=places.data / "postgres.log").start()


def start_valkey(places: Places) -> Running:
    """A Valkey."""
    places.make()
    return Running(valkey.command(places), log=places.data / "valkey.log").start()


def main() -> None:
    """Keep a PostgreSQL running until Ctrl-C."""
    folder = Folder()
    places = Places(folder.path)
    server = start_postgres(places)
    print(f"export TEST_POSTGRES={folder.path}     # Ctrl-C here ends it")
    with contextlib.suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.pause()
    server.kill()
    folder.remove()


if __name__ == "__main__":
    main()
