"""Ratings: scored when sent back, declined when left empty, judged against the rater's own course."""

from datetime import timedelta

import pytest

from alliance.domain.declining import decline
from alliance.domain.judging import find_useful, tell_what_waited
from alliance.domain.rating import rate
from alliance.domain.sending_forms import send_forms
from alliance.models import Rating, RatingStatus, Signal
from clients.models import AttentionItem
from homework.domain.answering import submit
from homework.models import Answer, Assignment, AssignmentStatus, Response
from tests.alliance.homework import answer, give, held, leave, sent

DAY = timedelta(days=1)
WEEK = 7 * DAY


def sessions(world, client_side, therapist_side=(), *, forms=("check-in",)):
    """Hold one session a week; each side gives one value for all items, or None: leaves the form open."""
    world.client.forms = list(forms)
    world.client.save(update_fields=["forms"])
    made = []
    for week, value in enumerate(client_side):
        now = world.now + WEEK * week
        appointment = held(world, number=week + 1, at=now)
        asked = {rating.rater: rating for rating in send_forms(appointment=appointment, by=world.therapist, now=now)}
        theirs = therapist_side[week] if week < len(therapist_side) else None
        for rater, mark in (("client", value), ("therapist", theirs)):
            if mark is not None and rater in asked:
                give(asked[rater], mark, now=now + timedelta(hours=1))
        made.append(asked)
    return made


def test_a_form_sent_back_is_scored(world):
    with world.scope():
        rating = sessions(world, [7])[0]["client"]

        assert rating.status == RatingStatus.GIVEN
        assert rating.scores["scores"] == {"total": 7}
        assert rating.scores["instrument"] == "check-in"


def test_what_is_missing_is_kept_with_the_score(world):
    with world.scope():
        rating = sessions(world, [None])[0]["client"]
        assignment = leave(rating.assignment, world.now)
        answer(assignment, {"1": 8, "2": 9, "3": 6, "4": 4, "5": None, "6": 7}, by=world.client.user, now=world.now)
        submit(assignment=assignment, by=world.client.user, now=world.now)
        rating.refresh_from_db()

        assert rating.scores["scores"] == {"total": 6.8}
        assert rating.scores["missing"] == [5]
        assert rating.scores["prorated"] == ["total"]


def test_an_empty_form_counts_as_declined(world):
    with world.scope():
        rating = sessions(world, [None])[0]["client"]
        submit(assignment=leave(rating.assignment, world.now), by=world.client.user, now=world.now)
        rating.refresh_from_db()

        assert (rating.status, rating.scores) == (RatingStatus.DECLINED, None)


def test_a_form_in_ordinary_homework_makes_a_rating_without_a_session(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        answer(assignment, {str(n): 1 for n in range(1, 10)}, by=world.client.user, now=world.now)
        submit(assignment=assignment, by=world.client.user, now=world.now)
        rating = Rating.objects.get()

        assert (rating.appointment, rating.rater, rating.scores["scores"]["total"]) == (None, "client", 9)
        assert rating.wording == "rapport/en/phq-9/1"


def test_rating_twice_is_rating_once(world):
    with world.scope():
        sessions(world, [7])
        response = Response.objects.get()

        assert [rating.pk for rating in rate(response=response, now=world.now)] == [
            Rating.objects.get(status=RatingStatus.GIVEN).pk
        ]
        assert Rating.objects.filter(rater="client").count() == 1


def test_declining_closes_the_form_and_shows_nothing_that_was_typed(world):
    with world.scope():
        rating = sessions(world, [None])[0]["client"]
        assignment = leave(rating.assignment, world.now)
        answer(assignment, {"1": 2}, by=world.client.user, now=world.now)

        rating = decline(rating=rating, by=world.client.user, now=world.now)

        assert (rating.status, rating.scores) == (RatingStatus.DECLINED, None)
        assert Answer.objects.get().value == {"skipped": True}
        assert Assignment.objects.get(pk=assignment.pk).status == AssignmentStatus.DONE


def test_what_was_given_can_not_be_declined(world):
    with world.scope():
        rating = sessions(world, [7])[0]["client"]
        assert decline(rating=rating, by=world.client.user, now=world.now).status == RatingStatus.GIVEN


def test_a_fall_raises_a_signal_with_its_numbers(world):
    with world.scope():
        sessions(world, [7, 8, 7, 8, 3])
        signal = Signal.objects.get()

        assert (signal.kind, signal.level) == ("rupture", "marked")
        assert signal.numbers["score"] == 3
        assert signal.numbers["earlier"] == 4
        assert signal.numbers["mean"] == 7.5


def test_an_ordinary_rating_raises_nothing(world):
    with world.scope():
        sessions(world, [7, 8, 7, 8, 7])
        assert not Signal.objects.exists()


def test_nothing_is_judged_before_the_fourth_rating(world):
    with world.scope():
        sessions(world, [9, 9, 0])
        assert not Signal.objects.exists()


@pytest.mark.parametrize("form", ["seq", "phq-9"])
def test_session_and_outcome_forms_raise_no_rupture(world, form):
    with world.scope():
        low, high = (1, 7) if form == "seq" else (0, 3)
        sessions(world, [high, high, high, high, low], forms=[form])
        assert not Signal.objects.exists()


def test_each_side_is_judged_by_its_own_course(world):
    with world.scope():
        sessions(world, [3, 3, 3, 3, 3], [8, 8, 8, 8, 3])
        assert Signal.objects.get().rating.rater == "therapist"


def test_the_therapist_is_told_only_after_their_own_rating(world):
    with world.scope():
        asked = sessions(world, [8, 8, 8, 8, 2], [7, 7, 7, 7])[-1]
        assert not AttentionItem.objects.filter(kind="rupture").exists()

        give(asked["therapist"], 7, now=world.now + WEEK * 4 + DAY)

        item = AttentionItem.objects.get(kind="rupture")
        assert item.detail["numbers"]["score"] == 2
        assert item.detail["rater"] == "client"


def test_declining_their_own_tells_the_therapist_too(world):
    with world.scope():
        asked = sessions(world, [8, 8, 8, 8, 2], [7, 7, 7, 7])[-1]
        leave(asked["therapist"].assignment, world.now + WEEK * 4)
        decline(rating=asked["therapist"], by=world.therapist, now=world.now + WEEK * 4 + DAY)

        assert AttentionItem.objects.filter(kind="rupture").count() == 1


def test_a_form_that_closed_unanswered_ends_the_blindness(world):
    with world.scope():
        asked = sessions(world, [8, 8, 8, 8, 2], [7, 7, 7, 7])[-1]
        later = world.now + WEEK * 5
        assignment = leave(asked["therapist"].assignment, later)
        Assignment.objects.filter(pk=assignment.pk).update(status=AssignmentStatus.MISSED)

    assert tell_what_waited(now=later) == 1
    assert tell_what_waited(now=later) == 0
    with world.scope():
        assert AttentionItem.objects.filter(kind="rupture").count() == 1


def test_what_the_therapist_says_of_a_signal_is_kept(world):
    with world.scope():
        sessions(world, [8, 8, 8, 8, 2])
        signal = find_useful(signal=Signal.objects.get(), useful=True, by=world.therapist, now=world.now)
        signal.refresh_from_db()

        assert signal.useful is True
