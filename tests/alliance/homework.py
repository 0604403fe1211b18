"""Assignments as the engine leaves them, for tests of this room."""

from datetime import timedelta
from uuid import uuid4

from alliance.instruments.structure import instrument
from clients.models import Appointment, AppointmentStatus
from homework.domain.answering import save_answer, submit
from homework.domain.enrolling import send_activity
from homework.models import Activity, ActivityVersion, Assignment, AssignmentStatus, Origin


def held(world, client=None, *, number=None, at=None):
    """An appointment that was held."""
    client = client or world.client
    return Appointment.objects.create(
        practice_id=client.practice_id,
        client=client,
        therapist_id=client.therapist_id,
        number=number or Appointment.objects.filter(client=client).count() + 1,
        starts_at=at or world.now,
        zone="Europe/Berlin",
        status=AppointmentStatus.HELD,
        decided_at=at or world.now,
        created_at=at or world.now,
    )


def activity_with(world, form):
    """A published activity of the practice's own with this form in it."""
    block = {"id": "form", "type": "instrument", "label": "Form", "instrument": form}
    content = {"format": 1, "pages": [{"id": "p1", "title": "", "later": False, "blocks": [block]}]}
    activity = Activity.objects.create(
        practice=world.practice,
        slug=f"own-{form}",
        title="Form",
        origin=Origin.OWN,
        draft=content,
        created_at=world.now,
    )
    activity.latest = ActivityVersion.objects.create(
        practice=world.practice, activity=activity, number=1, title="Form", content=content, published_at=world.now
    )
    activity.save()
    return activity.latest


def sent(world, form, client=None, *, now=None):
    """An assignment with this form, sent to the client."""
    client, now = client or world.client, now or world.now
    (enrolment,) = send_activity(
        clients=[client], activity_version=activity_with(world, form), at_local=None, by=world.therapist, now=now
    )
    return leave(Assignment.objects.get(enrolment=enrolment), now)


def leave(assignment, now):
    """The assignment after the engine's tick."""
    if assignment.status == AssignmentStatus.SCHEDULED:
        Assignment.objects.filter(pk=assignment.pk).update(status=AssignmentStatus.SENT, sent_at=now)
    return Assignment.objects.get(pk=assignment.pk)


def answer(assignment, answers, *, by, now, rev=0, uuid=None):
    """Save a form's answers."""
    return save_answer(
        assignment=assignment,
        block_id="form",
        value={"answers": answers},
        rev=rev,
        save_uuid=uuid or uuid4(),
        by=by,
        now=now,
    )


def give(rating, value, *, now):
    """Answer every item of a rating's form with this value, and send it."""
    assignment = leave(rating.assignment, now)
    answers = {str(item.number): value for item in instrument(rating.instrument).items}
    answer(assignment, answers, by=rating.rated_by, now=now)
    submit(assignment=assignment, by=rating.rated_by, now=now + timedelta(minutes=1))
    rating.refresh_from_db()
    return rating
