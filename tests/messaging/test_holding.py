"""Held messages: kept, released once, taken back, refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from clients.models import CareTeamMember
from messaging.domain.holding import TooLate, hold, release, release_due, take_back
from messaging.domain.words import Refused, Unsayable
from messaging.models import ConversationEvent, HeldMessage
from tests.people import NOW

OPENING = NOW + timedelta(hours=20)


@pytest.fixture
def held(world, conversation):
    with world.scope():
        return hold(
            conversation=conversation,
            author=world.therapist,
            text="Good morning",
            client_uuid=uuid4(),
            release_at=OPENING,
            now=NOW,
        )


def events(world):
    with world.scope():
        return [event.body for event in ConversationEvent.objects.all()]


def test_release_waits_for_opening_and_posts_once(world, held):
    assert release_due(now=OPENING - timedelta(seconds=1)) == 0
    assert release_due(now=OPENING) == 1
    assert release_due(now=OPENING) == 0
    assert events(world) == ["Good morning"]


def test_release_by_hand_and_by_tick_is_one_message(world, held):
    assert release(held=held, now=NOW).event.seq == 1
    assert release(held=held, now=NOW) is None
    assert release_due(now=OPENING) == 0
    assert events(world) == ["Good morning"]


def test_taken_back_message_does_not_go_out(world, held):
    assert take_back(held=held, now=NOW) == "Good morning"
    assert release_due(now=OPENING) == 0
    with pytest.raises(TooLate):
        take_back(held=held, now=NOW)


def test_posted_message_can_not_be_taken_back(world, held):
    release(held=held, now=NOW)

    with pytest.raises(TooLate):
        take_back(held=held, now=NOW)


def test_message_of_someone_who_left_is_refused_and_kept(world, held):
    with world.scope():
        CareTeamMember.objects.filter(client=world.client).update(until=NOW)

    assert release_due(now=OPENING) == 0

    with world.scope():
        row = HeldMessage.objects.get(pk=held.pk)
    assert (row.refused_at, row.posted_at) == (OPENING, None)
    with world.scope():
        assert row.body == "Good morning"


def test_one_that_raises_does_not_stop_the_others(world, held, monkeypatch):
    with world.scope():
        other = hold(
            conversation=held.conversation,
            author=world.therapist,
            text="Second",
            client_uuid=uuid4(),
            release_at=OPENING,
            now=NOW,
        )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_heldmessage SET body = 'broken' WHERE id = %s", [held.pk])

    assert release_due(now=OPENING) == 1
    with world.scope():
        assert HeldMessage.objects.get(pk=other.pk).posted_at == OPENING
        assert HeldMessage.objects.get(pk=held.pk).posted_at is None


def test_those_that_always_fail_keep_nobody_waiting(world, held):
    """A batch of them is older than what can go out, and stays so."""
    for name in ("Broken", "Broken too", "Fine", "Fine too"):
        with world.scope():
            row = hold(
                conversation=held.conversation,
                author=world.therapist,
                text=name,
                client_uuid=uuid4(),
                release_at=OPENING,
                now=NOW,
            )
            HeldMessage.objects.filter(pk=held.pk).update(cancelled_at=NOW)
        if "Broken" in name:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE messaging_heldmessage SET body = 'broken' WHERE id = %s", [row.pk])

    assert release_due(now=OPENING, batch=2) == 2
    assert events(world) == ["Fine", "Fine too"]


def test_hold_twice_is_one(world, conversation, held):
    with world.scope():
        again = hold(
            conversation=conversation,
            author=world.therapist,
            text="Good morning",
            client_uuid=held.client_uuid,
            release_at=OPENING,
            now=NOW,
        )
    assert again.pk == held.pk


@pytest.mark.parametrize(("text", "after"), [("", 1), ("x", -1), ("x", 24 * 40)])
def test_hold_refuses_nothing_to_say_and_odd_times(world, conversation, text, after):
    with world.scope(), pytest.raises((Unsayable, Refused)):
        hold(
            conversation=conversation,
            author=world.therapist,
            text=text,
            client_uuid=uuid4(),
            release_at=NOW + timedelta(hours=after),
            now=NOW,
        )
