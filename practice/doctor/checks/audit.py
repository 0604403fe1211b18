"""The audit trail's seals: rows that wait for one show that the worker or the beat doesn't run."""

from typing import Final

from django.utils import timezone

from practice.audit.sealing import seal_lag
from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fine, warn

LATE_SECONDS: Final = 5 * 60


def look_at_seals() -> Finding:
    """Return how many rows wait for their seal, and for how long."""
    lag = seal_lag(now=timezone.now())
    facts = {"unsealed": lag.unsealed, "seconds": round(lag.seconds)}
    if lag.seconds > LATE_SECONDS:
        says = f"{lag.unsealed} rows of the audit trail have been waiting for their seal for {lag.seconds / 60:.0f} min"
        return warn(says, "Start worker and beat. Then: manage.py verify_audit", **facts)
    return fine("the audit trail is sealed as it grows", **facts)


DOCTOR_CHECKS.register("audit", look_at_seals, order=85)
