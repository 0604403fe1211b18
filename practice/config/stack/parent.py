"""The parent of all processes of `make run`.

Steps: 1 PostgreSQL and Valkey, unless configured elsewhere; 2 the database, its tables, and the demo on a first start;
3 mail sink; 4 web, and say where it is; 5 workers, which would slow the first page down; 6 beat; 7 watch; 8 on Ctrl-C
or SIGTERM stop in reverse order.

A second Ctrl-C kills what is left, but lets PostgreSQL close its files. When the parent itself is killed the kernel
tells every child (see launcher.py).
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Sequence

from practice.config.stack import application, postgres, preparing, valkey
from practice.config.stack.child import PROBE_SECONDS, Child
from practice.config.stack.choices import Choices
from practice.config.stack.commands import CannotStart, Command
from practice.config.stack.heartbeat import Watchdog, seconds_since_tick
from practice.config.stack.migrated import Migrated
from practice.config.stack.voice import Voice

SAME_CTRL_C_SECONDS = 1.0  # a terminal and make may each pass on the same one
DEMO_LOGINS = ("therapist@demo.example", "client@demo.example", "admin@demo.example", "tomas@demo.example")
DEMO_PASSWORD = "rapport-demo"  # noqa: S105 - shown on the demo's own login page


class Parent:
    """Starts, watches and stops the children."""

    def __init__(self, choices: Choices, voice: Voice) -> None:
        self.choices = choices
        self.voice = voice
        self.stopping = asyncio.Event()
        self.stop_asked_at = 0.0
        self.layers: list[list[Child]] = []  # in the order of starting
        self.keepers: dict[Child, asyncio.Task[None]] = {}

    async def run(self) -> int:
        """Everything from start to stop; returns the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.ask_to_stop)
        try:
            await self._start()
            await self.stopping.wait()
        except CannotStart as error:
            self.voice.plain(f"cannot start: {error}")
            return 1
        finally:
            await self._stop()
        return 0

    def ask_to_stop(self) -> None:
        """First call: stop in order. A later one: kill."""
        now = time.monotonic()
        if not self.stopping.is_set():
            self.stop_asked_at = now
            self.stopping.set()
        elif now - self.stop_asked_at > SAME_CTRL_C_SECONDS:
            for child in self.keepers:
                if not child.command.spared:
                    child.kill()

    async def _start(self) -> None:
        began = time.monotonic()
        chosen = self.choices
        await self._start_layer(self._servers())
        await self._prepare()
        if chosen.own_mail:
            await self._start_layer([application.mail(port=chosen.mail_port, folder=chosen.mail_folder)])
        await self._start_layer([application.web(host=chosen.host, port=chosen.port, name=chosen.name)])
        if not self.stopping.is_set():
            self._announce(time.monotonic() - began)
        engine, _ = await self._start_layer([application.engine(), application.worker()])
        (beat,) = await self._start_layer([application.beat(schedule=chosen.places.data / "beat")])
        if not self.stopping.is_set():
            await self._watch(Watchdog(engine, beat, lambda: seconds_since_tick(chosen.database_url)))

    def _servers(self) -> list[Command]:
        servers = []
        if self.choices.own_postgres:
            servers.append(postgres.command(self.choices.places))
        if self.choices.own_valkey:
            servers.append(valkey.command(self.choices.places))
        return servers

    async def _prepare(self) -> None:
        chosen = self.choices
        if self.stopping.is_set():
            return
        if chosen.own_postgres:
            await asyncio.to_thread(postgres.create_database, chosen.places, "app")
        known = Migrated(chosen.places, chosen.database_url)
        if not chosen.own_postgres or not await asyncio.to_thread(known.nothing_new):
            await preparing.migrate(self.once)
            known.remember()
        if not chosen.demo or self.stopping.is_set():
            return
        if not await asyncio.to_thread(preparing.has_practice, chosen.database_url):
            await preparing.seed(self.once, lambda text: self.voice.say("demo", text))

    async def once(self, command: Command) -> int:
        """Run a command to its end, or to ours; returns its exit code (0 when we were asked to stop meanwhile)."""
        child = Child(command, self.voice)
        running = asyncio.create_task(child.run_once())
        stopped = asyncio.create_task(self.stopping.wait())
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not running.done():
            await child.end()
            await running
            return 0
        return running.result()

    async def _start_layer(self, commands: Sequence[Command]) -> list[Child]:
        """Start these side by side; returns when each is ready, or when we are asked to stop."""
        children = [Child(command, self.voice) for command in commands]
        if self.stopping.is_set():
            return children
        self.layers.append(children)
        for child in children:
            self.keepers[child] = asyncio.create_task(child.keep())
        await asyncio.gather(*(self._until_ready(child) for child in children))
        return children

    async def _until_ready(self, child: Child) -> None:
        waits = [asyncio.create_task(event.wait()) for event in (child.up, child.stopping, self.stopping)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if child.failure:
            raise child.failure

    def _announce(self, seconds: float) -> None:
        self.voice.plain(f"\n  Rapport is ready after {seconds:.1f} s:  {self.choices.url}")
        if self.choices.demo:
            self.voice.plain(f"  Demo logins, all with the password {DEMO_PASSWORD}:  {'  '.join(DEMO_LOGINS)}")
            self.voice.plain(f"  Demo mail:  {self.choices.url}/demo/mail/")
        self.voice.plain("  Ctrl-C stops everything.\n")

    async def _watch(self, watchdog: Watchdog) -> None:
        while not self.stopping.is_set():
            await watchdog.look(await asyncio.to_thread(watchdog.since_tick))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), PROBE_SECONDS)

    async def _stop(self) -> None:
        began = time.monotonic()
        self.stopping.set()
        for layer in reversed(self.layers):
            await asyncio.gather(*(child.end() for child in layer))
        if self.keepers:
            await asyncio.wait(self.keepers.values(), timeout=5)
            self.voice.plain(f"everything stopped in {time.monotonic() - began:.1f} s")


def tell_children(choices: Choices) -> None:
    """Put what was chosen where every child finds it, and `manage.py` in another terminal too."""
    told = choices.told()
    os.environ.update(told)
    elsewhere = {name for name, own in choices.ours().items() if not own}  # may hold a password: not written down
    memory = choices.places.memory
    memory.touch(mode=0o600)
    lines = (f"{name}={value}\n" for name, value in told.items() if name not in elsewhere)
    memory.write_text("".join(line for line in lines if not line.startswith("PYTHON")))
