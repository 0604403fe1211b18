"""What must not be in production, and what Django's own deployment checks say."""

from django.conf import settings
from django.core.checks import WARNING, run_checks

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn
from practice.people.models import Practice


def look_at_settings() -> list[Finding]:
    """Return what is set as it shouldn't be."""
    found = []
    if settings.DEBUG:
        found.append(fail("DEBUG is on: error pages show source and settings", "Set DEBUG=0."))
    if settings.DEMO:
        return [*found, warn("this is a demo: its key and passwords are public", "Set DEMO=0 for people's real words.")]
    if Practice.objects.filter(is_demo=True).exists():
        says = "there is a demo practice, whose passwords everybody knows"
        found.append(fail(says, "Never put real people into a database that began as a demo: start with an empty one."))
    said = [one for one in run_checks(include_deployment_checks=True) if one.level >= WARNING and not one.is_silenced()]
    found += [warn(f"{one.id}: {str(one.msg).splitlines()[0]}", "See: manage.py check --deploy") for one in said]
    return found or [fine("settings are those of production")]


DOCTOR_CHECKS.register("settings", look_at_settings, order=90)
