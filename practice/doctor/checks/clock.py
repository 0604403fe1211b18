"""This machine's clock against the database's, which alone decides what is due."""

from typing import Final

from django.db import connection
from django.utils import timezone

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn

MUCH, TOO_MUCH = 2.0, 30.0
TRIES: Final = 3


def look_at_clock() -> Finding:
    """Return how far the two are apart, by the quickest of three looks."""
    apart = min((_apart() for _ in range(TRIES)), key=lambda pair: pair[1])[0]
    side = "behind" if apart > 0 else "ahead of"
    says = f"this machine's clock is {abs(apart):.1f} s {side} the database's"
    do = "Set both by NTP (timedatectl set-ntp true). Sends keep the database's time; sign-in codes and pages don't."
    if abs(apart) > TOO_MUCH:
        return fail(says, do, seconds=round(apart, 3))
    if abs(apart) > MUCH:
        return warn(says, do, seconds=round(apart, 3))
    return fine("the clocks of this machine and the database agree", seconds=round(apart, 3))


def _apart() -> tuple[float, float]:
    """How many seconds the database is ahead, and how long the look took."""
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    after = timezone.now()
    took = (after - before).total_seconds()
    return (theirs - before).total_seconds() - took / 2, took


DOCTOR_CHECKS.register("clock", look_at_clock, order=60)
