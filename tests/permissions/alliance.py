"""Who gets what from the addresses of `alliance`."""

from alliance.domain.sending_forms import send_forms
from alliance.models import Rating, RatingStatus, Signal
from homework.domain.answering import submit
from homework.models import Assignment, AssignmentStatus
from tests.alliance.homework import answer, held, sent
from tests.permissions.row import Row, clients, only


def of_client(world):
    return {"client_id": world.client.pk}


def asked(world, rater):
    """A form that the client's side or the therapist's side was asked, already sent."""
    with world.scope():
        appointment = held(world)
        rating = next(
            found
            for found in send_forms(appointment=appointment, by=world.therapist, now=world.now)
            if found.rater == rater
        )
        Assignment.objects.filter(pk=rating.assignment_id).update(status=AssignmentStatus.SENT, sent_at=world.now)
        return {"pk": rating.pk}


def of_own_form(world):
    return asked(world, "client")


def of_therapists_form(world):
    return asked(world, "therapist")


def of_given_rating(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        answer(assignment, {"1": 1, "2": 1}, by=world.client.user, now=world.now)
        submit(assignment=assignment, by=world.client.user, now=world.now)
        return {"pk": Rating.objects.get(assignment=assignment).pk}


def of_signal(world):
    with world.scope():
        rating = Rating.objects.create(
            practice=world.practice,
            client=world.client,
            instrument="check-in",
            wording="rapport/en/check-in/1",
            rater="client",
            rated_by=world.client.user,
            status=RatingStatus.GIVEN,
            asked_at=world.now,
        )
        signal = Signal.objects.create(
            practice=world.practice,
            client=world.client,
            rating=rating,
            kind="rupture",
            level="moderate",
            raised_at=world.now,
        )
        return {"pk": signal.pk}


def a_choice(world):
    return {"forms": ["seq"]}


def a_verdict(world):
    return {"useful": "yes"}


ROWS: list[Row] = [
    Row("alliance:portal-progress", "GET", clients(200)),
    Row("alliance:portal-decline", "GET", only(client=200), of_own_form),
    Row("alliance:portal-decline", "POST", only(client=302), of_own_form),
    Row("alliance:desk-decline", "GET", only(therapist=200), of_therapists_form),
    Row("alliance:desk-decline", "POST", only(therapist=302), of_therapists_form),
    Row("alliance:desk-tab", "GET", only(therapist=200), of_client),
    Row("alliance:desk-forms", "POST", only(therapist=302), of_client, a_choice),
    Row("alliance:desk-answers", "GET", only(therapist=200), of_given_rating),
    Row("alliance:desk-signal-useful", "POST", only(therapist=302), of_signal, a_verdict),
]
