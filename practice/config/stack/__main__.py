"""`python -m practice.config.stack`: run the whole of Rapport on this machine."""

import argparse
import asyncio
import fcntl
import os
import signal
import sys
from typing import IO

from practice.config.env import BASE_DIR, Env, WrongEnvironment, configured
from practice.config.stack.application import refuse_taken_port
from practice.config.stack.choices import Choices, choose
from practice.config.stack.commands import CannotStart
from practice.config.stack.launcher import die_with
from practice.config.stack.parent import Parent, tell_children
from practice.config.stack.voice import Voice


def hold(choices: Choices) -> IO[str]:
    """The lock of this data folder, held as long as the returned file is open. Raises CannotStart when taken."""
    lock = choices.places.lock.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise CannotStart(f"already running on {choices.places.data} (process {owner}).") from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def main() -> int:
    """Take the lock, run until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(description="Run the whole of Rapport on this machine.")
    parser.add_argument("--with-caller", action="store_true", help="stop when the program that started this one ends")
    options = parser.parse_args()
    os.chdir(BASE_DIR)
    if options.with_caller:
        die_with(os.getppid(), signal.SIGTERM)
    try:
        choices = choose(Env(configured()))
        choices.places.make()
        with hold(choices):
            refuse_taken_port(choices.host, choices.port)
            tell_children(choices)
            return asyncio.run(Parent(choices, Voice()).run())
    except (CannotStart, WrongEnvironment) as error:
        sys.stderr.write(f"cannot start: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
