"""Homework planned for a client whose address meant someone else at first."""

from django.db import transaction

from clients.models import Client
from homework.models import Assignment, Enrolment
from practice.people.models import User
from practice.tenancy import scope


@transaction.atomic
def plan_for(*, client: Client, former: User) -> None:
    """Let all that the client was to get go to their user, no longer to the former one. Locks the enrolments first."""
    with scope(practice=client.practice_id):
        theirs = {"client": client, "recipient": former, "rater": "client"}
        list(Enrolment.objects.select_for_update().filter(**theirs).order_by("pk"))
        Enrolment.objects.filter(**theirs).update(recipient=client.user)
        Assignment.objects.filter(**theirs).update(recipient=client.user)
