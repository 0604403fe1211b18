"""What the parent prints: each line under the name of whoever said it, in colour on a terminal."""

import os
import sys

COLOURS = {"postgres": 36, "valkey": 33, "mail": 34, "web": 32, "engine": 35, "worker": 95, "beat": 94}
WIDTH = 8


class Voice:
    """Writes whole lines to standard output and never waits for colour support."""

    def __init__(self) -> None:
        self.coloured = (sys.stdout.isatty() or "FORCE_COLOR" in os.environ) and "NO_COLOR" not in os.environ

    def say(self, name: str, text: str) -> None:
        """One line under a name."""
        colour = COLOURS.get(name, 0) if self.coloured else 0
        head = f"\033[{colour}m{name:>{WIDTH}} |\033[0m" if colour else f"{name:>{WIDTH}} |"
        self.plain(f"{head} {text}")

    def plain(self, text: str) -> None:
        """One line, or several, without a name."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
