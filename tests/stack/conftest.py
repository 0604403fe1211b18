"""A whole stack in a folder of its own, as `make run` starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from practice.config.stack.application import free_port

PRODUCTION_LIKE = {
    "DEMO": "0",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "TESTING": "0",
    "SECRET_KEY": "s" * 50,
    "VAULT_KEYS": "test:" + "A" * 43 + "=",
}


class Stack:
    """One parent process and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "parent.log"
        told = {
            **PRODUCTION_LIKE,
            "STACK_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "LAYER_PREFIX": folder.name,
        }
        self.environment = {**os.environ, **told, "STATE_DIR": str(folder / "state")}
        self.process = self.spawn(self.log)

    def spawn(self, log: Path) -> subprocess.Popen[bytes]:
        """A parent on this folder."""
        argv = [sys.executable, "-m", "practice.config.stack"]
        with log.open("wb") as output:
            return subprocess.Popen(argv, stdout=output, stderr=subprocess.STDOUT, env=self.environment)

    def printed(self) -> str:
        """Everything the parent printed."""
        return self.log.read_text()

    def wait_for(self, seen: Callable[[], object], seconds: float = 120) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.05)

    def children(self) -> dict[int, str]:
        """Processes whose command line or environment names this folder."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) not in {os.getpid(), self.process.pid}:
                try:
                    words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                except OSError:
                    continue
                if bytes(self.folder) in words:
                    found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
        return found

    def pid_of(self, words: str) -> int:
        """The first process whose command line has these words, once there is one."""
        found: list[int] = []
        self.wait_for(lambda: found.extend(pid for pid, line in self.children().items() if words in line) or found)
        return min(found)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a file's stacks: empty when the first comes up, with its data for those that follow."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture
def stack(home: Path) -> Iterator[Stack]:
    """A stack that is up."""
    running = Stack(home)
    try:
        running.wait_for(lambda: "is ready after" in running.printed())
        yield running
    finally:
        running.process.send_signal(signal.SIGTERM)
        try:
            running.process.wait(60)
        except subprocess.TimeoutExpired:
            running.process.kill()
