"""A risk answer: someone is told in the transaction of the save, once, whatever becomes of the answer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from clients.models import AttentionItem, AttentionState, Urgency
from homework.domain.answering import submit
from homework.models import Answer
from tests.alliance.homework import answer, sent

MINUTE = timedelta(minutes=1)


def risk_items():
    return AttentionItem.objects.filter(kind="risk")


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_value_above_zero_raises_a_critical_item(world, value):
    with world.scope():
        answer(sent(world, "phq-9"), {"9": value}, by=world.client.user, now=world.now)
        item = risk_items().get()

        assert (item.urgency, item.state, item.client) == (Urgency.CRITICAL, AttentionState.OPEN, world.client)
        assert item.detail["value"] == value
        assert item.detail["client"] == "Sam"


def test_the_item_says_what_was_answered_in_words(world):
    with world.scope():
        answer(sent(world, "phq-9"), {"9": 1}, by=world.client.user, now=world.now)
        assert risk_items().get().detail["said"] == "On a few days"


@pytest.mark.parametrize("answers", [{"9": 0}, {"9": None}, {"1": 3, "2": 3}, {"10": 3}])
def test_other_answers_raise_nothing(world, answers):
    with world.scope():
        answer(sent(world, "phq-9"), answers, by=world.client.user, now=world.now)
        assert not risk_items().exists()


def test_forms_without_a_risk_item_raise_nothing(world):
    with world.scope():
        answer(sent(world, "check-in"), {"1": 10}, by=world.client.user, now=world.now)
        assert not risk_items().exists()


def test_it_is_raised_before_the_form_is_finished_and_only_once(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        answer(assignment, {"9": 2}, by=world.client.user, now=world.now)
        answer(assignment, {"9": 2, "1": 1}, by=world.client.user, now=world.now, rev=1)
        submit(assignment=assignment, by=world.client.user, now=world.now)

        assert risk_items().count() == 1
        assert not risk_items().get().changes.exists()


def test_changing_it_back_is_noted_and_the_item_stays(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        answer(assignment, {"9": 2}, by=world.client.user, now=world.now)
        answer(assignment, {"9": 0}, by=world.client.user, now=world.now + MINUTE, rev=1)
        answer(assignment, {"9": 3}, by=world.client.user, now=world.now + 2 * MINUTE, rev=2)
        answer(assignment, {}, by=world.client.user, now=world.now + 3 * MINUTE, rev=3)
        item = risk_items().get()

        assert item.state == AttentionState.OPEN
        assert [change.detail["value"] for change in item.changes.order_by("at")] == [0, 3, None]


def test_a_save_refused_for_its_revision_raises_all_the_same(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        answer(assignment, {"1": 1}, by=world.client.user, now=world.now)
        answer(assignment, {"1": 2}, by=world.client.user, now=world.now, rev=1)

        saved = answer(assignment, {"9": 3}, by=world.client.user, now=world.now, rev=0)

        assert saved.conflict
        assert risk_items().get().detail["value"] == 3
        assert Answer.objects.get().value == {"answers": {"1": 2}}


def test_a_save_after_the_form_was_sent_raises_all_the_same(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        submit(assignment=assignment, by=world.client.user, now=world.now)

        saved = answer(assignment, {"9": 1}, by=world.client.user, now=world.now)

        assert saved.closed
        assert risk_items().exists()


def test_the_same_save_twice_is_one_item(world):
    with world.scope():
        assignment, uuid = sent(world, "phq-9"), uuid4()
        for _time in range(2):
            answer(assignment, {"9": 1}, by=world.client.user, now=world.now, uuid=uuid)

        assert risk_items().count() == 1


def test_answer_and_item_stand_or_fall_together(world):
    with world.scope():
        assignment = sent(world, "phq-9")
        with transaction.atomic():
            answer(assignment, {"9": 1}, by=world.client.user, now=world.now)
            transaction.set_rollback(True)

        assert not risk_items().exists()
        assert not Answer.objects.exists()
