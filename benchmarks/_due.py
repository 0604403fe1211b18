"""What the benchmarks of the send lane share: a tidy table, what was lost or doubled, and workers apart.

python -m benchmarks._due      drains until nothing is due at each line that comes, and says how many were sent
"""

import subprocess
import sys
import time
from typing import Any

from tests.factories.due_sends import LEFT, TOLD, one

DRAINER = (sys.executable, "-m", "benchmarks._due")


def tidy(link: Any) -> None:
    """Let both sides begin alike: no dead rows, statistics as they are, nothing waiting to be written."""
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE homework_assignment, practice_userchannel")
        cursor.execute("CHECKPOINT")
    link.autocommit = False


def lost_and_doubled(link: Any, sent: int) -> dict[str, int]:
    """How many are due and not sent or sent without their notification, and how many notifications are too many."""
    left, (told, distinct) = one(link, LEFT), one(link, TOLD)
    return {"lost": left + max(sent - distinct, 0), "doubled": told - distinct}


def let_go() -> None:
    """Close Django's connection, so that the server can end."""
    from django.db import connection

    connection.close()


class Drainers:
    """Workers apart, each a process with its own connection, ready before the clock starts."""

    def __init__(self, count: int) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.processes = [subprocess.Popen(DRAINER, **pipes) for _ in range(count)]  # type: ignore[call-overload]
        for process in self.processes:
            process.stdout.readline()

    def drain(self, count: int) -> tuple[int, float]:
        """Let so many of them drain at once; how many were sent in how many seconds."""
        began = time.monotonic()
        for process in self.processes[:count]:
            process.stdin.write("go\n")
            process.stdin.flush()
        sent = sum(int(process.stdout.readline()) for process in self.processes[:count])
        return sent, time.monotonic() - began

    def end(self) -> None:
        """Let them go home."""
        for process in self.processes:
            process.stdin.close()
            process.wait()


def main() -> None:
    """Drain at each line."""
    import django

    django.setup()
    from homework.domain.sending import drain

    drain(seconds=None)  # binds the lane, connects
    print("ready", flush=True)
    for _line in sys.stdin:
        print(drain(seconds=None).sent, flush=True)


if __name__ == "__main__":
    main()
