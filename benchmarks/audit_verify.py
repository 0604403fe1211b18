"""`audit-verify`: every link of a million audit events checked, in seconds. Says too how quickly they were sealed.

Twenty practices, their rows mixed as they would be, a fifth of them with facts and an address.
"""

import time
from datetime import UTC, datetime

from benchmarks.figures import limit
from benchmarks.ground import own_database
from tests.factories.audit_rows import fill_audit

ROWS = 1_000_000
QUICK = {"rows": 20_000}
HOLD_SECONDS, AIM_SECONDS = 60.0, 30.0  # for a million


def run(*, rows: int = ROWS) -> None:
    """Fill, seal, verify."""
    with own_database():
        from django.db import connection

        from practice.audit.sealing import seal
        from practice.audit.verifying import verify

        with connection.cursor() as cursor:
            fill_audit(cursor, rows=rows)
        began = time.monotonic()
        sealed = seal(seconds=None)
        sealing = time.monotonic() - began
        report = verify(now=datetime.now(UTC))
        limit(
            "audit-verify",
            product=report.seconds,
            hold=HOLD_SECONDS * rows / ROWS,
            aim=AIM_SECONDS * rows / ROWS,
            unit="s",
            zero={"broken": report.broken, "unsealed": rows - sealed},
            links=report.links,
            sealed_per_second=sealed / sealing,
        )
        connection.close()
