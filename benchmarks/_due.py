"""What the benchmarks of the send lane and the outbox share: a tidy table, what was lost or doubled, workers apart.

python -m benchmarks._due           at each line that comes drains until nothing is due, and says how many were sent
python -m benchmarks._due mails     the same for the mails of the outbox
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from tests.factories.due_sends import LEFT, TOLD, one

DRAINER = (sys.executable, "-m", "benchmarks._due")


def tidy(link: Any, tables: str = "homework_assignment, practice_userchannel") -> None:
    """Let both sides begin alike: no dead rows, statistics as they are, nothing waiting to be written."""
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {tables}")
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
    """Workers apart, each a process with its own connections, ready before the clock starts."""

    def __init__(self, count: int, argv: Sequence[str] = DRAINER) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.processes = [subprocess.Popen(argv, **pipes) for _ in range(count)]  # type: ignore[call-overload]
        for process in self.processes:
            process.stdout.readline()

    def drain(self, count: int, line: str = "go") -> tuple[int, float]:
        """Let so many of them drain at once; how many were sent in how many seconds."""
        began = time.monotonic()
        for process in self.processes[:count]:
            process.stdin.write(f"{line}\n")
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
    work = _mail if sys.argv[1:] == ["mails"] else _send
    work()  # binds the lane, connects
    print("ready", flush=True)
    for _line in sys.stdin:
        print(work(), flush=True)


def _send() -> int:
    from homework.domain.sending import drain

    return drain(seconds=None).sent


def _mail() -> int:
    from practice.notifications.delivering import deliver
    from practice.notifications.models import Channel

    return deliver(channel=Channel.EMAIL, seconds=3600).by_status.get("accepted", 0)


if __name__ == "__main__":
    main()
