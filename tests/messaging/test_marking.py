"""Read cursors go forwards, take mails back, and a conversation can be settled."""

from datetime import timedelta

from messaging.domain.marking import mark_read, settle
from messaging.models import Conversation, Participant
from practice.notifications.models import Notification, NotificationStatus
from practice.tenancy import scope
from tests.people import NOW


def read(conversation, user, seq, now=NOW):
    return mark_read(conversation_id=conversation.pk, practice_id=conversation.practice_id, user=user, seq=seq, now=now)


def cursor_of(conversation, user):
    with scope(practice=conversation.practice_id):
        rows = Participant.objects.filter(conversation=conversation, user=user)
        return rows.values_list("read_seq", "read_message_no").get()


def test_reading_moves_forwards_only(world, conversation, write):
    for _ in range(3):
        write(world.client.user)

    assert read(conversation, world.therapist, 2)
    assert not read(conversation, world.therapist, 1)
    assert cursor_of(conversation, world.therapist) == (2, 2)


def test_reading_further_than_there_is_stops_at_the_newest(world, conversation, write):
    write(world.client.user)

    read(conversation, world.therapist, 10**12)

    assert cursor_of(conversation, world.therapist) == (1, 1)


def test_reading_an_empty_conversation_changes_nothing(world, conversation):
    assert not read(conversation, world.therapist, 5)


def test_reading_takes_back_the_mail_and_the_next_one_is_told_anew(world, conversation, write):
    write(world.client.user)
    read(conversation, world.therapist, 1)
    write(world.client.user, now=NOW + timedelta(hours=1))

    with world.scope():
        rows = Notification.objects.filter(user=world.therapist).order_by("generation")
        assert list(rows.values_list("generation", "status")) == [
            (0, NotificationStatus.SUPPRESSED),
            (1, NotificationStatus.READY),
        ]


def test_settled_conversation_no_longer_waits(world, conversation, write):
    write(world.client.user)

    with world.scope():
        settle(conversation=conversation, by=world.therapist, now=NOW)
        assert Conversation.objects.get(pk=conversation.pk).waiting_since is None
