"""Small activities and assignments for the tests of this room."""

from datetime import datetime
from itertools import count
from typing import Any

from clients.models import Client
from homework.domain.enrolling import send_activity
from homework.models import Activity, ActivityVersion, Assignment, AssignmentStatus
from practice.people.models import User
from practice.tenancy import scope

NUMBER = count(1)
CONTENT: dict[str, Any] = {
    "format": 1,
    "pages": [
        {
            "id": "p1",
            "title": "What did the worry say?",
            "later": False,
            "blocks": [
                {"id": "intro", "type": "text", "markdown": "Write it the way it sounded."},
                {"id": "worry", "type": "long_text", "label": "The worry"},
            ],
        },
        {
            "id": "p2",
            "title": "How strong?",
            "later": False,
            "blocks": [
                {
                    "id": "belief",
                    "type": "slider",
                    "label": "How strongly did you believe it?",
                    "low": 0,
                    "high": 100,
                    "step": 1,
                    "low_label": "not at all",
                    "high_label": "completely",
                },
                {
                    "id": "like",
                    "type": "single_choice",
                    "label": "Which was it most like?",
                    "options": [{"id": "guess", "label": "Guessing"}, {"id": "worst", "label": "The worst ending"}],
                    "other": False,
                },
            ],
        },
    ],
}


def make_version(practice: Any, now: datetime, slug: str = "worry", content: Any = None) -> ActivityVersion:
    """Return a published version."""
    with scope(practice=practice):
        activity = Activity.objects.create(practice=practice, slug=slug, title="When a worry knocks", created_at=now)
        version = ActivityVersion.objects.create(
            practice=practice,
            activity=activity,
            number=1,
            title=activity.title,
            content=content or CONTENT,
            minutes=6,
            published_at=now,
        )
        activity.latest = version
        activity.save(update_fields=["latest"])
        return version


def make_assignment(
    client: Client,
    now: datetime,
    *,
    version: ActivityVersion | None = None,
    status: AssignmentStatus = AssignmentStatus.SENT,
    recipient: User | None = None,
    rater: str = "client",
    slug: str = "worry",
) -> Assignment:
    """Return an assignment in the state asked for, enrolled by the verb. Sending by itself is tested elsewhere."""
    version = version or make_version(client.practice, now, slug=f"{slug}-{next(NUMBER)}")
    enrolment = send_activity(
        clients=[client],
        activity_version=version,
        at_local=None,
        by=client.therapist,
        now=now,
        recipient=recipient,
        rater=rater,
    )[0]
    with scope(practice=client.practice_id):
        mine = Assignment.objects.filter(enrolment=enrolment)
        if status >= AssignmentStatus.SENT and status != AssignmentStatus.HELD:
            mine.update(status=AssignmentStatus.SENT, sent_at=now)
        if status != AssignmentStatus.SENT:
            mine.update(status=status)
        made: Assignment = mine.select_related("activity_version", "client", "recipient").get()
        return made
