"""When the last backup was made, by the audit trail, and whether the next could be."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from practice.audit.models import AuditEvent
from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn
from practice.copies.failing import CannotCopy
from practice.copies.programs import program, server_major
from practice.tenancy import every_practice

OLD: Final = timedelta(days=2)
MAKE: Final = "Make one: manage.py backup FOLDER. See docs/operator/backing-up.md"


def look_at_backups() -> Finding:
    """Return the age of the newest backup."""
    if settings.DEMO:
        return fine("a demo needs no backup")
    if not settings.BACKUP_KEYS:
        return warn("BACKUP_KEYS isn't set: no backup can be made", MAKE)
    try:
        program("pg_dump", major=server_major())
    except CannotCopy as error:
        return fail("PostgreSQL's client programs are missing or too old", str(error))
    with every_practice("backups belong to the installation"):
        newest = AuditEvent.objects.filter(practice=None, verb="backup_made").order_by("-at").first()
    if newest is None:
        return warn("no backup was ever made", MAKE)
    age = timezone.now() - newest.at
    hours = round(age.total_seconds() / 3600)
    if age > OLD:
        return warn(f"the last backup is {age.days} days old", MAKE, hours=hours)
    return fine(f"the last backup is {hours} hours old", hours=hours, bytes=newest.facts.get("bytes"))


DOCTOR_CHECKS.register("backups", look_at_backups, order=95)
