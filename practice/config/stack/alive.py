"""A container's health check: exits 0 when its service is well.

python -m practice.config.stack.alive http 8000     the web or the sockets answer
python -m practice.config.stack.alive ticks         the engine ticked within the last minute
"""

import sys

from practice.config.env import env
from practice.config.stack.application import LOOPBACK, answered_name, lives
from practice.config.stack.embedded import embedded_database_url
from practice.config.stack.heartbeat import seconds_since_tick

LONGEST_SILENCE = 60.0


def ticks() -> bool:
    """Whether the engine ticked lately."""
    silence = seconds_since_tick(env.text("DATABASE_URL", embedded_database_url()))
    return silence is not None and silence < LONGEST_SILENCE


def main(argv: list[str]) -> int:
    """Look once; returns the exit code."""
    if argv[:1] == ["http"] and len(argv) == 2:
        return int(not lives(LOOPBACK, int(argv[1]), answered_name(env.words("ALLOWED_HOSTS"))))
    if argv == ["ticks"]:
        return int(not ticks())
    sys.stderr.write("usage: python -m practice.config.stack.alive http PORT | ticks\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
