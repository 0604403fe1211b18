"""`manage.py demo`: one practice with twelve weeks of history in every room, made by verbs under a moving clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from alliance.management.demo_story.elsewhere import give_up_some_mails, open_a_second_practice
from alliance.management.demo_story.ending import leave_open, resolve_old_ones, settle_outbox
from alliance.management.demo_story.people import ADMIN, PEOPLE, THERAPISTS, WEEKS
from alliance.management.demo_story.stage import PASSWORD, set_stage
from alliance.management.demo_story.telling import Telling
from practice.people.models import Practice


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Let the verbs join the one transaction around all of it: half of the statements would be savepoints else."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


class Command(BaseCommand):
    """Seed the demo practice, once, into an empty installation."""

    help = (
        "Make the demo practice: 3 therapists, 24 clients and 12 weeks of history. Only where there is no practice yet."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing: an interrupted telling leaves no half practice behind."""
        if not settings.DEMO:
            raise CommandError("The demo's passwords are public. Set DEMO=1 if you mean it.")
        if Practice.objects.exists():
            raise CommandError("There is a practice already. The demo is made in an empty installation only.")
        began = timezone.now()
        stage = set_stage(now=began - timedelta(weeks=WEEKS, days=1))
        story = Telling(stage=stage, end=began, people=PEOPLE, weeks=WEEKS)
        with without_savepoints():
            story.tell()
            resolve_old_ones(story)
            leave_open(story)
        settle_outbox(practice=stage.practice, now=began)
        give_up_some_mails(stage=stage, now=began)
        open_a_second_practice(stage=stage, now=began)
        connection.run_on_commit.clear()  # history nudges nobody: no worker, no open page, no mail
        seconds = (timezone.now() - began).total_seconds()
        self.stdout.write(
            f"The demo practice is there: {len(THERAPISTS)} therapists, {len(PEOPLE)} clients, {seconds:.0f} s."
        )
        self.stdout.write(f"Logins, password {PASSWORD}: {THERAPISTS[0].email}  {PEOPLE[0].email}  {ADMIN.email}")
