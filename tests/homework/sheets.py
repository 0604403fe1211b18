"""Small activities and assignments for the tests of this room."""

from datetime import datetime
from typing import Any

from clients.models import Client
from homework.models import (
    Activity,
    ActivityVersion,
    Assignment,
    AssignmentStatus,
    Enrolment,
    Pathway,
    PathwayVersion,
)
from practice.people.models import User
from practice.tenancy import scope

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
    step: str = "only",
) -> Assignment:
    """Return an assignment that was sent now, by rows: how it is sent by itself is tested elsewhere."""
    version = version or make_version(client.practice, now, slug=f"worry-{client.pk}-{step}")
    with scope(practice=client.practice_id):
        pathway = Pathway.objects.create(
            practice=client.practice, key=f"p-{version.pk}-{step}", title="x", created_at=now
        )
        course = PathwayVersion.objects.create(
            practice=client.practice, pathway=pathway, number=1, title="x", steps=[], published_at=now
        )
        enrolment = Enrolment.objects.create(
            practice=client.practice,
            client=client,
            recipient=recipient or client.user,
            rater=rater,
            pathway_version=course,
            tz=client.zone,
            start_local=now.replace(tzinfo=None),
            created_at=now,
            single=True,
        )
        return Assignment.objects.create(
            practice=client.practice,
            client=client,
            recipient=recipient or client.user,
            rater=rater,
            enrolment=enrolment,
            step=step,
            activity_version=version,
            tz=client.zone,
            local_at=now.replace(tzinfo=None),
            send_at=now,
            status=status,
            sent_at=now if status >= AssignmentStatus.SENT else None,
        )
