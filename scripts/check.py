"""`make check`: everything a machine can hold, one named step after the other, and all of them even when one fails.

    python scripts/check.py [step …]

Two steps run side by side. A step prints its own output only when it fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ROOMS = ("practice", "clients", "messaging", "homework", "alliance")
ANY_SERVER = {"DATABASE_URL": "", "REDIS_URL": "", "DEMO": "1", "DEBUG": "0"}
NO_SERVER = "pure and not long"  # what asks for a database or a browser is run by `make test`
PRODUCTION = {
    "DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdef" * 4,
    "VAULT_KEYS": "check:" + "A" * 43 + "=",
    "PUBLIC_URL": "https://rapport.example",
    "ALLOWED_HOSTS": "rapport.example",
}


@dataclass(frozen=True)
class Step:
    """One thing that is checked."""

    name: str
    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = tuple(ANY_SERVER.items())

    def run(self) -> tuple[bool, str, float]:
        """Whether it is clean, what it printed, and the seconds it took."""
        began = time.monotonic()
        done = subprocess.run(
            self.argv,
            cwd=ROOT,
            env={**os.environ, **dict(self.environment)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout, time.monotonic() - began


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    """A program of the virtual environment."""
    return (str(BIN / name), *arguments)


def manage(*arguments: str) -> tuple[str, ...]:
    """A management command."""
    return tool("python", "manage.py", *arguments)


STEPS = (
    Step("types", tool("mypy", *ROOMS, "scripts")),
    Step("house tests", tool("pytest", "-q", "-m", NO_SERVER, "tests/house")),
    Step("style", tool("ruff", "check", "--quiet", ".")),
    Step("format", tool("ruff", "format", "--check", "--quiet", ".")),
    Step("templates", tool("djlint", "--lint", "--quiet", "templates")),
    Step("walls between rooms", tool("lint-imports")),
    Step("migrations", manage("makemigrations", "--check", "--dry-run")),
    Step("API document", manage("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)),
    Step("production settings", manage("check", "--deploy", "--fail-level", "WARNING"), tuple(PRODUCTION.items())),
    Step("translations", tool("python", "scripts/translations.py", "check")),
    Step("abuse cases", tool("python", "scripts/security_cases.py")),
    Step("dependencies", tool("deptry", ".")),
    Step("compose file", tool("python", "scripts/compose_file.py")),
)


def report(step: Step, clean: bool, output: str, seconds: float) -> None:
    """One line for a step, and its output when it failed."""
    sys.stdout.write(f"{'ok    ' if clean else 'FAILED'} {step.name} ({seconds:.1f} s)\n")
    if not clean:
        sys.stdout.write("".join(f"       {line}\n" for line in output.splitlines()))
    sys.stdout.flush()


def main(names: list[str]) -> int:
    """Run the named steps, or all; returns the number that failed."""
    wanted = [step for step in STEPS if not names or step.name in names]
    if not wanted:
        sys.stdout.write(f"no such step; there are: {', '.join(step.name for step in STEPS)}\n")
        return 1
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        runs = [(step, pool.submit(step.run)) for step in wanted]
        for step, running in runs:
            clean, output, seconds = running.result()
            failed += not clean
            report(step, clean, output, seconds)
    sys.stdout.write(f"check: {len(wanted) - failed} clean, {failed} failed\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
