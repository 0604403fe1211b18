"""Posting: numbers, repeats, refusals, who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from clients.models import CareTeamMember, Client, ClientStatus
from messaging.domain.posting import Closed, NotInIt, SaidOtherwise, post
from messaging.domain.words import LONGEST, Unsayable, tidy
from messaging.models import Conversation, ConversationEvent, Participant
from practice.notifications.models import Channel, Notification, UserChannel
from practice.people.models import Membership
from tests.people import NOW, make_world


def test_post_numbers_events_without_gaps(world, write):
    events = [write(who).event for who in (world.client.user, world.therapist, world.client.user)]

    assert [(event.seq, event.message_no) for event in events] == [(1, 1), (2, 2), (3, 3)]


def test_post_is_one_query(world, write):
    write(world.client.user)

    with CaptureQueriesContext(connection) as seen:
        write(world.therapist)

    assert len([query for query in seen if "SAVEPOINT" not in query["sql"]]) == 1


def test_post_again_returns_the_same_event(world, write, conversation):
    uuid = uuid4()
    first = write(world.client.user, "One", uuid=uuid)

    again = write(world.client.user, "One", uuid=uuid)

    assert (again.event, again.repeated) == (first.event, True)
    with world.scope():
        assert Conversation.objects.get(pk=conversation.pk).head == 1


def test_post_again_with_another_text_says_what_stands_there(world, write):
    uuid = uuid4()
    write(world.client.user, "One", uuid=uuid)

    with pytest.raises(SaidOtherwise) as said:
        write(world.client.user, "Two", uuid=uuid)

    assert said.value.stored.text == "One"


def test_post_moves_the_authors_own_cursor(world, write, conversation):
    write(world.client.user)
    write(world.therapist)

    with world.scope():
        rows = {row.user_id: row.read_message_no for row in Participant.objects.filter(conversation=conversation)}
    assert rows == {world.client.user_id: 1, world.therapist.pk: 2}


def test_post_from_client_waits_until_the_therapist_answers(world, write, conversation):
    write(world.client.user)
    write(world.client.user, now=NOW + timedelta(minutes=5))
    with world.scope():
        assert Conversation.objects.get(pk=conversation.pk).waiting_since == NOW

    write(world.therapist)

    with world.scope():
        assert Conversation.objects.get(pk=conversation.pk).waiting_since is None


@pytest.mark.parametrize("who", ["colleague", "lead", "admin", "outsider"])
def test_post_by_someone_else_is_as_if_there_were_none(world, write, who):
    with pytest.raises(NotInIt):
        write(getattr(world, who))


def test_post_by_a_therapist_who_left_is_refused(world, write):
    with world.scope():
        CareTeamMember.objects.filter(client=world.client).update(until=NOW)

    with pytest.raises(NotInIt):
        write(world.therapist)


def test_post_by_staff_who_no_longer_work_here_is_refused(world, write):
    Membership.objects.filter(user=world.therapist).update(is_active=False)

    with pytest.raises(NotInIt):
        write(world.therapist)


def test_post_to_an_unknown_conversation_is_refused(world):
    with pytest.raises(NotInIt):
        post(
            conversation_id=10**9,
            practice_id=world.practice.pk,
            author=world.therapist,
            text="x",
            client_uuid=uuid4(),
            now=NOW,
        )


@pytest.mark.parametrize("change", [{"status": ClientStatus.ARCHIVED}, {"treatment_consent": False}])
def test_post_when_treatment_ended_or_was_withdrawn_is_refused(world, write, change):
    with world.scope():
        Client.objects.filter(pk=world.client.pk).update(**change)

    with pytest.raises(Closed):
        write(world.therapist)


def test_post_tells_the_other_once_per_reading(world, write, conversation):
    UserChannel.objects.get_or_create(user=world.therapist, kind=0, channel=Channel.EMAIL)
    for _ in range(3):
        write(world.client.user)

    with world.scope():
        rows = Notification.objects.filter(user=world.therapist, subject_id=conversation.pk).values_list(
            "generation", "not_before"
        )
        assert list(rows) == [(0, NOW + timedelta(minutes=10))]


def test_post_without_a_channel_tells_nobody(world, write):
    UserChannel.objects.filter(user=world.therapist).delete()

    write(world.client.user)

    with world.scope():
        assert not Notification.objects.filter(user=world.therapist).exists()


def test_body_is_sealed_in_the_database(world, write):
    write(world.client.user, "a secret about bridges")

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM messaging_conversationevent")
        assert b"bridges" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hello \r\nyou ", "Hello \nyou"),
        ("nul\x00l", "null"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("family 👩‍👩‍👧 stays", "family 👩‍👩‍👧 stays"),
        ("\u202eturned", "\u202eturned"),
    ],
)
def test_tidy_keeps_what_was_meant(typed, kept):
    assert tidy(typed) == kept


@pytest.mark.parametrize("typed", ["", " \n ", "\x00", "x" * (LONGEST + 1), "y" * 1_000_000, None, 7, ["a"]])
def test_tidy_refuses_what_can_not_be_said(typed):
    with pytest.raises(Unsayable):
        tidy(typed)


@pytest.mark.django_db(transaction=True)
def test_posts_at_the_same_moment_store_each_once_and_in_order():
    world = make_world()
    with world.scope():
        conversation = Conversation.objects.get(client=world.client)
    uuids = [uuid4() for _ in range(10)]

    def say(uuid):
        try:
            return post(
                conversation_id=conversation.pk,
                practice_id=world.practice.pk,
                author=world.client.user,
                text=f"{uuid}",
                client_uuid=uuid,
                now=NOW,
            ).event.seq
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(say, uuids * 4))

    assert sorted(set(seqs)) == list(range(1, 11))
    assert seqs[:10] == seqs[10:20] == seqs[20:30] == seqs[30:]
    with world.scope():
        assert ConversationEvent.objects.filter(conversation=conversation).count() == 10
