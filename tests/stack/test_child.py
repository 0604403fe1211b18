"""One supervised child: restarted when it ends, killed when silent, stopped within its grace."""

import asyncio
import sys

from practice.config.stack.child import Child
from practice.config.stack.commands import Command
from tests.stack.apart import run_apart


class Lines:
    """Collects what would be printed."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, name: str, text: str) -> None:
        """Keep one line."""
        self.said.append(f"{name} {text}")


def python(code: str, **options: object) -> Command:
    """A command of a few words of Python."""
    return Command(name="child", argv=(sys.executable, "-u", "-c", code), **options)


def test_run_once_passes_lines_and_the_exit_code_on() -> None:
    lines = Lines()
    command = python("print('hello'); print('noise'); raise SystemExit(3)", noise=("noise",))

    code = run_apart(Child(command, lines).run_once())

    assert (code, lines.said) == (3, ["child hello"])


def test_child_that_ends_is_started_again_and_says_so() -> None:
    lines = Lines()

    async def live() -> int:
        child = Child(python("print('here')"), lines)
        keeper = asyncio.create_task(child.keep())
        while child.restarts < 2:
            await asyncio.sleep(0.05)
        await child.end()
        await keeper
        return lines.said.count("child here")

    assert run_apart(live()) >= 2
    assert "child ended with 0, starts again in 0.5 s" in lines.said


def test_child_that_falls_silent_is_killed(monkeypatch) -> None:
    monkeypatch.setattr("practice.config.stack.child.PROBE_SECONDS", 0.05)
    lines, answers = Lines(), iter([True])

    async def live() -> None:
        child = Child(python("import time; time.sleep(60)", ready=lambda pid: next(answers, False)), lines)
        keeper = asyncio.create_task(child.keep())
        while not child.restarts:
            await asyncio.sleep(0.05)
        await child.end()
        await keeper

    run_apart(live())
    assert lines.said[:2] == ["child does not answer: killed", "child ended with -9, starts again in 0.5 s"]


def test_child_that_ignores_the_stop_is_killed_after_its_grace() -> None:
    lines = Lines()
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)"

    async def live() -> None:
        child = Child(python(deaf, grace=0.2), lines)
        keeper = asyncio.create_task(child.keep())
        while "child deaf" not in lines.said:
            await asyncio.sleep(0.02)
        await child.end()
        await keeper
        assert not child.alive

    run_apart(live())
    assert "child still there after 0.2 s: killed" in lines.said
