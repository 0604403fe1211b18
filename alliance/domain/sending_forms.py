"""After "we met": each form on the client's list goes to both raters, once per appointment, instrument and rater."""

from datetime import datetime
from typing import Any

from django.db import transaction

from alliance.instruments.structure import Instrument, minutes_of, offered
from alliance.instruments.wording import Wording, wording
from alliance.models import Rating
from clients.models import Appointment
from homework.domain.enrolling import send_activity
from homework.models import Activity, ActivityVersion, Assignment, Origin
from practice.people.models import Practice, User
from practice.tenancy import scope

RATERS = ("client", "therapist")
OPEN_DAYS = 6
REMINDER_DAYS = 1


@transaction.atomic
def send_forms(*, appointment: Appointment, by: User | None, now: datetime) -> list[Rating]:
    """Return the forms asked after this appointment, made now where they were not yet. May be called again.

    A form goes only to the raters that it has a form for; none once treatment has ended.
    """
    client = appointment.client
    if client.has_ended:
        return []
    with scope(practice=appointment.practice_id):
        asked = {(rating.instrument, rating.rater): rating for rating in Rating.objects.filter(appointment=appointment)}
        for found in offered():
            for rater in RATERS:
                if found.id in client.forms and rater in found.raters and (found.id, rater) not in asked:
                    asked[found.id, rater] = _ask(appointment, found, rater, by, now)
        return list(asked.values())


def _ask(appointment: Appointment, found: Instrument, rater: str, by: User | None, now: datetime) -> Rating:
    client = appointment.client
    words = wording(found.id, rater, client.language if rater == "client" else appointment.therapist.language)
    version = form_version(practice=client.practice, found=found, rater=rater, now=now)
    recipient = client.user if rater == "client" else appointment.therapist
    (enrolment,) = send_activity(
        clients=[client], activity_version=version, at_local=None, by=by, now=now, recipient=recipient, rater=rater
    )
    rating: Rating = Rating.objects.create(
        practice_id=client.practice_id,
        client=client,
        appointment=appointment,
        assignment=Assignment.objects.get(enrolment=enrolment),
        instrument=found.id,
        instrument_version=found.version,
        wording=words.pack,
        rater=rater,
        rated_by=recipient,
        asked_at=now,
    )
    return rating


@transaction.atomic
def form_version(*, practice: Practice, found: Instrument, rater: str, now: datetime) -> ActivityVersion:
    """Return the activity that asks this form, as a version: made at first need, and anew when its words changed."""
    words = wording(found.id, rater, practice.language)
    with scope(practice=practice):
        activity, _made = Activity.objects.select_for_update(of=("self",)).get_or_create(
            practice=practice,
            slug=f"form-{found.id}-{rater}",
            defaults={"title": words.title, "origin": Origin.SYSTEM, "created_at": now},
        )
        latest: ActivityVersion | None = activity.latest
        content = content_of(found)
        if latest and (latest.title, latest.content) == (words.title, content):
            return latest
        activity.title, activity.draft = words.title, content
        activity.latest = _publish(activity, content, words, minutes_of(found), now)
        activity.save(update_fields=["title", "draft", "latest"])
        return activity.latest


def content_of(found: Instrument) -> dict[str, Any]:
    """Return an activity's content that is this form and nothing else."""
    block = {"id": "form", "type": "instrument", "label": found.topic_name, "instrument": found.id}
    return {"format": 1, "pages": [{"id": "form", "title": "", "later": False, "blocks": [block]}]}


def _publish(
    activity: Activity, content: dict[str, Any], words: Wording, minutes: int, now: datetime
) -> ActivityVersion:
    version: ActivityVersion = ActivityVersion.objects.create(
        practice_id=activity.practice_id,
        activity=activity,
        number=activity.latest.number + 1 if activity.latest else 1,
        title=words.title,
        content=content,
        minutes=minutes,
        open_days=OPEN_DAYS,
        reminder_days=REMINDER_DAYS,
        published_at=now,
    )
    return version
