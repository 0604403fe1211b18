"""Consents: asked at the first sign-in, given and withdrawn each separately, with receipts."""

import hashlib

import pytest
from django.db import InternalError, transaction

from clients.domain.consenting import change_consent, publish_text, texts_for
from clients.models import AttentionItem, Client, ConsentReceipt
from practice.notifications.models import Channel, UserChannel
from tests.people import NOW, make_client


@pytest.fixture
def newcomer(world):
    """A client who accepted and was not asked yet."""
    client = make_client(world.practice, "Ivy New", world.therapist)
    with world.scope():
        Client.objects.filter(pk=client.pk).update(treatment_consent=False, messages_consent=False)
    return client


def fresh(world, client):
    """The client as the database has it."""
    with world.scope():
        return Client.objects.get(pk=client.pk)


def channels_of(client):
    """By which channels the client is told."""
    return set(UserChannel.objects.filter(user=client.user, kind=0).values_list("channel", flat=True))


def give(client, kind, given=True):
    """Answer."""
    return change_consent(client=client, kind=kind, given=given, by=client.user, now=NOW)


def test_first_sign_in_asks_before_anything_else(world, newcomer):
    assert world.as_(newcomer).get("/")["Location"] == "/welcome/"


def test_answers_are_kept_and_lead_on(world, newcomer):
    answer = world.as_(newcomer).post("/welcome/", {"treatment": "yes", "messages": "no"})
    assert answer["Location"] == "/"
    client = fresh(world, newcomer)
    assert (client.treatment_consent, client.messages_consent) == (True, False)


def test_receipt_holds_the_hash_of_the_text(world, newcomer):
    receipt = give(newcomer, "treatment")
    assert receipt.text_hash == hashlib.sha256(receipt.text.body.encode()).hexdigest()


def test_answering_the_same_again_gives_no_second_receipt(world, newcomer):
    give(newcomer, "treatment")
    assert give(newcomer, "treatment") is None


def test_withdrawing_messages_leaves_only_the_app(world, newcomer):
    give(newcomer, "messages")
    assert channels_of(newcomer) == {Channel.IN_APP, Channel.EMAIL}
    give(newcomer, "messages", given=False)
    assert channels_of(newcomer) == {Channel.IN_APP}


def test_withdrawing_treatment_tells_the_therapist(world, newcomer):
    give(newcomer, "treatment")
    give(newcomer, "treatment", given=False)
    with world.scope():
        assert AttentionItem.objects.get(client=newcomer).kind == "consent_withdrawn"


def test_new_text_is_a_new_version(world):
    first = texts_for(client=world.client, now=NOW)["treatment"]
    second = publish_text(practice=world.practice, kind="treatment", language="en", body="Other words.", now=NOW)
    assert (first.version, second.version) == (1, 2)
    assert texts_for(client=world.client, now=NOW)["treatment"] == second


def test_text_that_people_agreed_to_can_not_be_changed(world):
    text = texts_for(client=world.client, now=NOW)["treatment"]
    text.body = "Other words."
    with world.scope(), pytest.raises(InternalError, match="append_only"), transaction.atomic():
        text.save()


def test_receipts_are_only_added(world, newcomer):
    give(newcomer, "treatment")
    give(newcomer, "treatment", given=False)
    with world.scope():
        receipts = ConsentReceipt.objects.filter(client=newcomer).order_by("pk")
        assert list(receipts.values_list("given", flat=True)) == [True, False]


def test_welcome_without_an_answer_decides_nothing(world):
    browser = world.as_(world.client)
    answer = browser.post("/welcome/", {"messages": "yes"})
    assert answer.status_code == 400
    with world.scope():
        world.client.refresh_from_db()
        assert world.client.treatment_consent is True
        assert ConsentReceipt.objects.filter(client=world.client).count() == 0


def test_welcome_is_asked_once(world):
    browser = world.as_(world.client)
    browser.post("/welcome/", {"treatment": "yes", "messages": "no"})
    assert browser.get("/welcome/")["Location"] == "/me/"
    assert browser.post("/welcome/", {"treatment": "no", "messages": "no"})["Location"] == "/me/"
    with world.scope():
        world.client.refresh_from_db()
        assert world.client.treatment_consent is True
