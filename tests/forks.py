"""Children of a test, forked from one process that has loaded the house already: loading it takes seconds of a core,
and a run starts the web, the workers and the mail sink a hundred times.

What runs is what `make run` runs (`python -m uvicorn …`), in a session of its own, with the environment it is told:
settings are read anew in the child. Whatever else is told, or where nothing can be forked, is started plainly by
`tests.servers`; so is all of tests/stack, which is about starting.

    python -m tests.forks FD     the loaded process itself: reads what to start from a socket, one JSON object a line
"""

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {"uvicorn", "celery", "practice.config.stack.mail"}
TOLD_ANEW = {
    "DATABASE_URL", "DEMO_MAIL_DIR", "DJANGO_ALLOW_ASYNC_UNSAFE", "EMAIL_HOST", "EMAIL_PORT", "LOG_FORMAT", "LOG_LEVEL",
    "PORT", "PROCESS", "PYTEST_CURRENT_TEST", "STATE_DIR",
}  # fmt: skip
"""What may differ from one child to the next; anything else may have been read while the house was loaded."""
PR_SET_PDEATHSIG = 1


class Forked:
    """A forked child, with as much of `subprocess.Popen` as tests use."""

    def __init__(self, loaded: "Loaded", pid: int) -> None:
        self.loaded, self.pid = loaded, pid

    @property
    def returncode(self) -> int | None:
        """How it ended: the negative number of a signal, as `Popen` says it; None while it runs."""
        return self.loaded.ended.get(self.pid)

    def poll(self) -> int | None:
        """Look whether it has ended."""
        self.loaded.listen(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has."""
        deadline = time.monotonic() + timeout if timeout is not None else float("inf")
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.loaded.listen(0.05)
        return code

    def send_signal(self, number: int) -> None:
        """Signal it alone."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Loaded:
    """The loaded process, as the test's process sees it: started when first asked, gone with it."""

    def __init__(self) -> None:
        self.told = _lasting(os.environ)
        self.ended: dict[int, int] = {}
        self.started: list[int] = []
        self.lock = threading.RLock()
        self.line, far = socket.socketpair()
        argv = [sys.executable, "-m", "tests.forks", str(far.fileno())]
        self.process = subprocess.Popen(argv, cwd=ROOT, pass_fds=[far.fileno()], stdin=subprocess.DEVNULL)
        far.close()
        self.rest = b""

    def start(self, argv: tuple[str, ...], *, environment: Mapping[str, str], log: Path) -> Forked:
        """Fork one. Raises when the loaded process is gone."""
        with self.lock:
            words = {"argv": argv, "environment": dict(environment), "log": str(log)}
            self.line.sendall(json.dumps(words).encode() + b"\n")
            while not self.started:
                self.listen(1)
            return Forked(self, self.started.pop())

    def listen(self, seconds: float) -> None:
        """Take what the loaded process says within so many seconds."""
        with self.lock:
            if not select.select([self.line], [], [], seconds)[0]:
                return
            data = self.line.recv(65536)
            if not data:
                raise RuntimeError("the loaded process has ended")
            *whole, self.rest = (self.rest + data).split(b"\n")
            for said in map(json.loads, whole):
                if "started" in said:
                    self.started.append(said["started"])
                else:
                    self.ended[said["ended"]] = said["code"]

    def close(self) -> None:
        """End it, and every child of it with it."""
        self.line.close()
        self.process.wait(10)


def _lasting(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in TOLD_ANEW}


LOADED: list[Loaded] = []
ALLOWED: list[bool] = []
"""Holds something in a session of tests. A benchmark measures what an operator runs, and starts it plainly."""


def allow() -> None:
    """Fork from now on, in this process."""
    ALLOWED.append(True)


def fork(argv: tuple[str, ...], *, environment: Mapping[str, str], log: Path) -> Forked | None:
    """Start a program of ours by forking; None when it has to be started plainly."""
    ours = argv[:2] == (sys.executable, "-m") and argv[2] in PROGRAMS
    if not (ours and ALLOWED) or sys.platform != "linux":
        return None
    if not LOADED:
        LOADED.append(Loaded())
    if _lasting(environment) != LOADED[0].told:
        return None
    return LOADED[0].start(argv, environment=environment, log=log)


def end() -> None:
    """End what was loaded, when this process ends."""
    while LOADED:
        LOADED.pop().close()


# From here on: inside the loaded process.


def load() -> None:
    """Load everything that the children need; open nothing."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.config.settings")
    django.setup()
    from django.conf import settings

    from practice.config.celery import app

    app.loader.import_default_modules()
    for name in ("uvicorn", "uvicorn.main", "websockets", "celery.bin.celery", "celery.apps.worker"):
        importlib.import_module(name)
    for name in (settings.ROOT_URLCONF, "practice.live.routing", "practice.live.hub", "channels.routing"):
        importlib.import_module(name)
    for name in settings.MIDDLEWARE:
        importlib.import_module(name.rpartition(".")[0])
    assert threading.active_count() == 1, threading.enumerate()
    gc.collect()
    gc.freeze()


def renew(environment: Mapping[str, str]) -> None:
    """Read the settings anew, from this environment."""
    os.environ.clear()
    os.environ.update(environment)
    from django.conf import settings
    from django.db import connections

    from practice.config import env
    from practice.config import settings as module

    variables = env.env.variables
    assert isinstance(variables, dict)
    variables.clear()
    variables.update(env.remembered(env.configured()) | env.configured())
    database = connections.settings["default"]
    importlib.reload(module)
    database.update(module.DATABASES["default"])
    for name in filter(str.isupper, dir(module)):
        setattr(settings, name, getattr(module, name))


def become(argv: list[str], environment: Mapping[str, str], log: str) -> int:
    """Be that program, in the forked child; returns its exit code."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    try:
        renew(environment)
        sys.argv = [argv[2], *argv[3:]]
        runpy.run_module(argv[2], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


class Fresh:
    """The loop of the loaded process: forks what it is told to, says how each ended."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.running, self.rest = line, set[int](), b""
        self.woken, self.waker = socket.socketpair()
        self.waker.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker.fileno())

    def say(self, **words: int) -> None:
        self.line.sendall(json.dumps(words).encode() + b"\n")

    def serve(self) -> None:
        """Until the test's process is gone; then kill what is left."""
        while True:
            ready, _, _ = select.select([self.line, self.woken], [], [])
            if self.woken in ready:
                self.woken.recv(4096)
                self.reap()
            if self.line in ready:
                data = self.line.recv(1 << 20)
                if not data:
                    break
                *whole, self.rest = (self.rest + data).split(b"\n")
                for words in map(json.loads, whole):
                    self.fork(words)
        for pid in self.running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)

    def fork(self, words: dict) -> None:
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for end in (self.line, self.woken, self.waker):
                end.close()
            code = 1
            try:
                code = become(words["argv"], words["environment"], words["log"])
                threading._shutdown()  # as the interpreter does at its end
                atexit._run_exitfuncs()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        self.running.add(pid)
        self.say(started=pid)

    def reap(self) -> None:
        while self.running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self.running.discard(pid)
            self.say(ended=pid, code=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the test's process's to answer
    fresh = Fresh(socket.socket(fileno=int(sys.argv[1])))
    load()
    fresh.serve()
