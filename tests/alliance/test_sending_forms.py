"""After "we met": who is asked what, once."""

from alliance.domain.sending_forms import form_version, send_forms
from alliance.instruments.structure import instrument
from alliance.models import Rating, RatingStatus
from homework.models import ActivityVersion
from tests.alliance.homework import held


def ask(world, forms, client=None):
    client = client or world.client
    client.forms = forms
    client.save(update_fields=["forms"])
    return send_forms(appointment=held(world, client), by=world.therapist, now=world.now)


def test_each_form_goes_to_both_raters(world):
    with world.scope():
        asked = ask(world, ["check-in", "seq"])

        assert sorted((rating.instrument, rating.rater) for rating in asked) == [
            ("check-in", "client"),
            ("check-in", "therapist"),
            ("seq", "client"),
            ("seq", "therapist"),
        ]


def test_each_rater_gets_their_own_form(world):
    with world.scope():
        by_rater = {rating.rater: rating for rating in ask(world, ["check-in"])}

        assert by_rater["client"].assignment.recipient == world.client.user
        assert by_rater["therapist"].assignment.recipient == world.therapist
        assert by_rater["therapist"].assignment.rater == "therapist"
        assert by_rater["client"].assignment.activity_version.title == "How was today?"
        assert by_rater["therapist"].assignment.activity_version.title == "How was today, from your chair?"


def test_a_form_without_a_therapists_side_goes_to_the_client_alone(world):
    with world.scope():
        assert [rating.rater for rating in ask(world, ["phq-9", "wai-sr"])] == ["client", "client"]


def test_what_is_not_offered_is_not_sent(world):
    with world.scope():
        assert ask(world, ["wai", "nonsense"]) == []


def test_doing_it_twice_is_doing_it_once(world):
    with world.scope():
        first = ask(world, ["check-in"])
        appointment = first[0].appointment

        again = send_forms(appointment=appointment, by=world.therapist, now=world.now)

        assert {rating.pk for rating in again} == {rating.pk for rating in first}
        assert Rating.objects.count() == 2


def test_a_form_added_later_is_asked_then(world):
    with world.scope():
        (client_side, _other) = ask(world, ["check-in"])
        appointment = client_side.appointment
        appointment.client.forms = ["check-in", "phq-9"]

        assert len(send_forms(appointment=appointment, by=world.therapist, now=world.now)) == 3


def test_a_rating_starts_as_asked_with_the_words_it_was_asked_in(world):
    with world.scope():
        rating = ask(world, ["check-in"])[0]

        assert rating.status == RatingStatus.ASKED
        assert rating.wording == "rapport/en/check-in/1"
        assert rating.instrument_version == instrument("check-in").version


def test_the_forms_activity_is_made_once_and_anew_when_its_words_changed(world):
    with world.scope():
        found = instrument("check-in")
        first = form_version(practice=world.practice, found=found, rater="client", now=world.now)
        same = form_version(practice=world.practice, found=found, rater="client", now=world.now)
        first.activity.latest.activity.refresh_from_db()
        stale = ActivityVersion.objects.create(
            practice=world.practice, activity=first.activity, number=2, title="Old", content={}, published_at=world.now
        )
        first.activity.latest = stale
        first.activity.save()
        renewed = form_version(practice=world.practice, found=found, rater="client", now=world.now)

        assert same == first
        assert renewed.number == 3
        assert renewed.title == "How was today?"
