"""The life of one child: start, wait until ready, pass its lines on, restart it when dead or silent, stop it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time

from practice.config.stack.commands import CannotStart, Command
from practice.config.stack.voice import Voice

PROBE_SECONDS = 5.0
PROBES_BEFORE_KILL = 3
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30.0
LONGEST_LINE = 1 << 20


class Child:
    """One supervised process. `up` is set while it is ready."""

    def __init__(self, command: Command, voice: Voice) -> None:
        self.command = command
        self.voice = voice
        self.up = asyncio.Event()
        self.stopping = asyncio.Event()
        self.restarts = 0
        self.started_at = 0.0
        self.failure: CannotStart | None = None
        self._process: asyncio.subprocess.Process | None = None

    def say(self, text: str) -> None:
        """One line under the child's name."""
        self.voice.say(self.command.name, text)

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.returncode is None

    @property
    def age(self) -> float:
        """Seconds since the last start."""
        return time.monotonic() - self.started_at

    async def keep(self) -> None:
        """Start it again and again until it is asked to stop. Pauses double from half a second to ten."""
        pause = 0.5
        while not self.stopping.is_set():
            code = await self._live()
            if self.stopping.is_set():
                return
            self.restarts += 1
            self.say(f"ended with {code}, starts again in {pause:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)
            pause = 0.5 if self.age > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)

    async def run_once(self) -> int:
        """Run it to its end, whenever that is; returns its exit code."""
        return await self._live()

    async def _live(self) -> int:
        try:
            await asyncio.to_thread(self.command.prepare)
        except CannotStart as error:
            self.failure = error
            self.stopping.set()
            return 1
        self.started_at = time.monotonic()
        self._process = process = await asyncio.create_subprocess_exec(
            *self.command.launch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            limit=LONGEST_LINE,
            env={**os.environ, **self.command.environment},
            start_new_session=True,  # Ctrl-C reaches only the parent: it orders the stop
        )
        pump, watch = asyncio.create_task(self._pump(process)), asyncio.create_task(self._watch(process))
        code = await process.wait()
        self.up.clear()
        watch.cancel()
        self.kill()  # what a killed child left behind, such as a worker's pool
        await asyncio.wait({pump}, timeout=1)
        pump.cancel()
        return code

    async def _pump(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # longer than the limit: dropped, the next one is read
                continue
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            farewell = self.stopping.is_set()  # a beat or a worker that is cut off in a call tells of it at length
            if text and not farewell and not any(noise in text for noise in self.command.noise):
                self.say(text)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        silent = 0
        while True:
            if await asyncio.to_thread(self.command.ready, process.pid):
                silent = 0
                self.up.set()
            elif self.up.is_set():
                silent += 1
                if silent == PROBES_BEFORE_KILL:
                    self.say("does not answer: killed")
                    self.kill()
            await asyncio.sleep(PROBE_SECONDS if self.up.is_set() else 0.05)

    def kill(self) -> None:
        """Kill it with its whole group."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def restart(self, reason: str) -> None:
        """Stop it politely, with a reason on the screen; `keep` starts it again."""
        self.say(f"{reason}: restarting")
        await self._ask_to_end()

    async def end(self) -> None:
        """Stop it for good."""
        self.stopping.set()
        await self._ask_to_end()

    async def _ask_to_end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.command.stop)
        try:
            await asyncio.wait_for(process.wait(), self.command.grace)
        except TimeoutError:
            self.say(f"still there after {self.command.grace:g} s: killed")
            self.kill()
