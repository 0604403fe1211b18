"""`dwell`: how long what is due waits to be sent, beat and the engine's worker running and 200 falling due a second.

The value is the 99th percentile of `sent_at − send_at`; the hold is one interval of the beat and half a second.
"""

import time

import psycopg2

from benchmarks._due import let_go
from benchmarks.figures import limit
from benchmarks.ground import own_database, own_valkey
from practice.config.schedule import SCHEDULE
from practice.config.stack import application
from tests.factories.due_sends import FILL, LEFT, PEOPLE, execute, one
from tests.servers import Running

RATE, SECONDS, WARM = 200, 60, 15
QUICK = {"seconds": 20}
SHORT = {"seconds": 45}
STEADY = FILL.replace(
    "now() - interval '10 minutes' + n %% 600 * interval '1 ms'", f"now() + n * interval '1 s' / {RATE}"
)
WAITED = """
SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - send_at)), count(*)
FROM homework_assignment WHERE status = 3 AND enrolment_id > %s
"""


def run(*, seconds: int = SECONDS) -> None:
    """Let everything fall due in its time, then ask the rows."""
    with own_database() as url, own_valkey() as folder:
        interval = float(SCHEDULE["engine"]["schedule"])
        link = psycopg2.connect(url)
        execute(link, PEOPLE)
        commands = (application.engine(), application.beat(schedule=folder / "beat"))
        running = [Running(command, log=folder / f"{command.name}.log").start() for command in commands]
        try:
            rows = RATE * (WARM + seconds)
            execute(link, STEADY, {"first": 1, "last": rows})
            deadline = time.monotonic() + WARM + seconds + 60
            while one(link, LEFT) and time.monotonic() < deadline:
                time.sleep(1)
        finally:
            for child in reversed(running):
                child.stop()
        with link.cursor() as cursor:
            cursor.execute(WAITED, [RATE * WARM])
            (median, p99), sent = cursor.fetchone()
        limit(
            "dwell", product=float(p99), hold=interval + 0.5, unit="s", zero={"lost": one(link, LEFT)},
            median=f"{median:.2f}s", sent=sent,
        )  # fmt: skip
        link.close()
        let_go()
