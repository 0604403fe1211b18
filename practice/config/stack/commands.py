"""A command that the parent starts: what it runs, how it is asked to stop, how one sees that it is ready."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launcher.py")


class CannotStart(Exception):
    """Something the stack needs isn't there; the message says what to install or change."""


def launched(argv: tuple[str, ...], *, on_parent_death: signal.Signals, drop_root: bool = False) -> list[str]:
    """The same command through the launcher, so that it dies with this process."""
    bond = ["--parent", str(os.getpid()), "--signal", str(int(on_parent_death))]
    rights = ["--drop-root"] if drop_root else []
    return [sys.executable, "-I", "-S", str(LAUNCHER), *bond, *rights, "--", *argv]


def nothing_to_prepare() -> None:
    """Most commands need no preparation."""


def ready_when_started(_pid: int) -> bool:
    """For a command that is ready as soon as it runs."""
    return True


@dataclass(frozen=True)
class Command:
    """One child of the parent.

    `ready` takes the child's process id and is asked until it says yes, then every few seconds; `prepare` runs before
    each start; `grace` is how many seconds a polite stop may take.
    """

    name: str
    argv: tuple[str, ...]
    ready: Callable[[int], bool] = ready_when_started
    prepare: Callable[[], None] = nothing_to_prepare
    stop: signal.Signals = signal.SIGTERM
    grace: float = 10
    drop_root: bool = False
    spared: bool = False  # a second Ctrl-C does not kill it: it is closing its files
    noise: tuple[str, ...] = ()  # lines with one of these are not passed on
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def launch(self) -> list[str]:
        """What is really executed."""
        return launched(self.argv, on_parent_death=self.stop, drop_root=self.drop_root)
