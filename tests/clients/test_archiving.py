"""The end of a treatment: what is cancelled is what was shown, nothing begins afterwards, restoring sends nothing."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from clients.domain.adding import CannotAdd
from clients.domain.archiving import CannotArchive, archive_client, restore_client
from clients.domain.attending import acknowledge, raise_item, resolve
from clients.domain.calling import ask_for_help
from clients.domain.inviting import CannotInvite, invite
from clients.domain.meeting import CannotDecide, plan_appointment
from clients.models import Appointment, AttentionItem, Client, Ending
from clients.queries.caseload import caseload
from clients.queries.endings import what_ends, what_was_cancelled
from homework.domain.auditing import audit_plans
from homework.domain.enrolling import CannotEnrol, send_activity
from homework.domain.sending import drain
from homework.models import Activity, Assignment, AssignmentStatus
from messaging.domain.holding import hold, release_due
from messaging.domain.posting import Closed, post
from messaging.models import Conversation, ConversationEvent, HeldMessage
from practice.audit.models import AuditEvent
from practice.notifications.models import Notification, NotificationStatus
from tests.factories.activities import publish
from tests.people import NOW

DAY = timedelta(days=1)


@pytest.fixture
def busy(world):
    """Sam has something of each kind ahead, and something that was just sent."""
    with world.scope():
        version = publish(world)
        for days in (0, 2, 5):
            at = datetime(2026, 11, 24, 13, 0) + days * DAY
            send_activity(clients=[world.client], activity_version=version, at_local=at, by=world.therapist, now=NOW)
        drain(moment=NOW)
        row = Conversation.objects.get(client=world.client)
        text = "See you on Monday"
        later = NOW + DAY
        hold(conversation=row, author=world.therapist, text=text, client_uuid=uuid4(), release_at=later, now=NOW)
    meet(world, NOW + 3 * DAY)
    return world


def meet(world, at):
    return plan_appointment(client=world.client, therapist=world.therapist, starts_at=at, by=world.therapist, now=NOW)


def end(world, now=NOW):
    return archive_client(client=world.client, by=world.therapist, now=now)


def fresh(world):
    with world.scope():
        return Client.objects.select_related("user", "therapist", "practice").get(pk=world.client.pk)


def test_what_was_shown_is_what_was_cancelled(busy):
    with busy.scope():
        shown = what_ends(busy.client, now=NOW)
        end(busy)
        _ending, cancelled = what_was_cancelled(busy.client)
        assert cancelled == shown
        assert [line.kind for line in shown] == ["held", "homework", "appointment", "homework"]


def test_what_was_cancelled_is_what_the_tables_say(busy):
    end(busy)
    with busy.scope():
        _ending, lines = what_was_cancelled(busy.client)
        homework = Assignment.objects.filter(status=AssignmentStatus.CANCELLED).order_by("send_at")
        assert [line.at for line in lines if line.kind == "homework"] == [row.send_at for row in homework]
        assert list(Appointment.objects.values_list("status", flat=True)) == ["cancelled"]
        assert HeldMessage.objects.get().refused_at == NOW


def test_nothing_begins_for_them_afterwards(busy):
    end(busy)
    with busy.scope():
        sent = Assignment.objects.filter(sent_at__isnull=False).count()
        assert (drain(moment=NOW + 30 * DAY).sent, release_due(now=NOW + 30 * DAY)) == (0, 0)
        assert Assignment.objects.filter(sent_at__isnull=False).count() == sent == 1
        waiting = Notification.objects.filter(user=busy.client.user, status__in=(1, 2))
        assert not waiting.exists()
    assert audit_plans().scheduled_under_stopped == []


def test_restoring_sends_nothing_again(busy):
    end(busy)
    restore_client(client=busy.client, by=busy.therapist, now=NOW + DAY)
    with busy.scope():
        assert drain(moment=NOW + 30 * DAY).sent == 0
        assert what_ends(fresh(busy), now=NOW + DAY) == []
        ending, lines = what_was_cancelled(busy.client)
        assert (ending.restored_by, len(lines)) == (busy.therapist, 4)


def test_after_restoring_things_can_begin_anew(busy):
    end(busy)
    client = restore_client(client=busy.client, by=busy.therapist, now=NOW + DAY)
    with busy.scope():
        version = Activity.objects.get().latest
        send_activity(clients=[client], activity_version=version, at_local=None, by=busy.therapist, now=NOW + DAY)
        assert drain(moment=NOW + DAY).sent == 1
        row = Conversation.objects.get(client=client)
        post(
            conversation_id=row.pk,
            practice_id=row.practice_id,
            author=client.user,
            text="Hello again",
            client_uuid=uuid4(),
            now=NOW + DAY,
        )


@pytest.mark.parametrize("who", ["client", "therapist"])
def test_writing_is_refused_in_words_on_both_sides(world, who):
    end(world)
    person = getattr(world, who)
    with world.scope():
        row = Conversation.objects.get(client=world.client)
    user = person if who == "therapist" else person.user
    with pytest.raises(Closed, match="Treatment has ended"):
        post(
            conversation_id=row.pk,
            practice_id=row.practice_id,
            author=user,
            text="x",
            client_uuid=uuid4(),
            now=NOW,
        )


def test_refused_words_stay_on_the_page(world):
    end(world)
    answer = world.as_(world.client).post("/messages/write/", {"text": "One more thing", "uuid": str(uuid4())})
    assert answer.status_code == 422
    assert "You can read, but no longer write" in answer.content.decode()
    with world.scope():
        assert not ConversationEvent.objects.exists()


def test_critical_item_is_settled_first(world):
    item = raise_item(client=world.client, kind="help_asked", key="1", now=NOW)
    for _state in ("open", "acknowledged"):
        with pytest.raises(CannotArchive, match="Asked for help"):
            end(world)
        acknowledge(item=item, by=world.therapist, now=NOW)
    resolve(item=item, by=world.therapist, now=NOW)
    assert end(world).has_ended


def test_other_items_are_kept(world):
    raise_item(client=world.client, kind="consent_withdrawn", key="1", now=NOW)
    end(world)
    with world.scope():
        assert AttentionItem.objects.get().state == 1


def test_archiving_twice_is_archiving_once(world):
    end(world)
    end(world, now=NOW + DAY)
    with world.scope():
        assert (Ending.objects.get().at, AuditEvent.objects.filter(verb="client_archived").count()) == (NOW, 1)
    restore_client(client=world.client, by=world.therapist, now=NOW)
    restore_client(client=world.client, by=world.therapist, now=NOW)
    with world.scope():
        assert AuditEvent.objects.filter(verb="client_restored").count() == 1


def test_nothing_new_is_planned_for_someone_archived(world):
    end(world)
    client = fresh(world)
    with pytest.raises(CannotDecide, match="has ended"):
        meet(world, NOW + DAY)
    with pytest.raises(CannotInvite, match="has ended"):
        invite(client=client, by=world.therapist, now=NOW)
    with world.scope():
        version = publish(world)
    with pytest.raises(CannotEnrol):
        send_activity(clients=[client], activity_version=version, at_local=None, by=world.therapist, now=NOW)
    assert ask_for_help(client=client, now=NOW) is None


def test_asking_for_help_from_a_page_that_was_open_says_that_nobody_is_told(world):
    end(world)
    page = world.as_(world.client).post("/help/tell/", follow=True).content.decode()
    assert "Nobody here is told any more" in page
    assert "has been told" not in page
    with world.scope():
        assert not AttentionItem.objects.exists()


def test_answer_from_a_page_that_was_open_is_refused_in_words(busy):
    end(busy)
    with busy.scope():
        pk = Assignment.objects.get(status=AssignmentStatus.SENT).pk
    answer = busy.as_(busy.client).post(f"/activities/{pk}/1/", {"go": "send"})
    assert answer.status_code == 409
    assert "Our work here has ended" in answer.content.decode()


def test_caseload_shows_the_archived_apart(world):
    end(world)
    with world.scope():
        names = {view: [row.client.name for row in caseload(world.seat(world.therapist), now=NOW, view=view).rows]
                 for view in ("", "archived")}  # fmt: skip
    assert names == {"": ["Lee Tan"], "archived": ["Sam Dorn"]}


def test_confirmation_lists_by_date_and_a_critical_item_takes_the_button(busy):
    browser = busy.as_(busy.therapist)
    path = f"/desk/clients/{busy.client.pk}/archive/"
    page = browser.get(path).content.decode()
    assert page.index("Message for later") < page.index("Appointment</p>")
    assert "End the work with Sam?" in page
    raise_item(client=busy.client, kind="help_asked", key="1", now=NOW)
    assert "End the work with Sam?" not in browser.get(path).content.decode()
    assert browser.post(path).status_code == 409


def test_record_says_what_was_cancelled_and_takes_them_back(busy):
    browser, path = busy.as_(busy.therapist), f"/desk/clients/{busy.client.pk}"
    page = browser.post(f"{path}/archive/", follow=True).content.decode()
    assert "Our work has ended" in page
    page = browser.post(f"{path}/restore/", follow=True).content.decode()
    assert "What was cancelled stays cancelled" in page
    assert "Message for later" in page


def test_mail_that_waited_is_taken_back(busy):
    """Of homework that was sent, and of a message that nobody has read yet."""
    with busy.scope():
        row = Conversation.objects.get(client=busy.client)
        post(
            conversation_id=row.pk,
            practice_id=row.practice_id,
            author=busy.therapist,
            text="Take care",
            client_uuid=uuid4(),
            now=NOW,
        )
        before = Notification.objects.filter(user=busy.client.user, status=NotificationStatus.READY).count()
    end(busy)
    with busy.scope():
        gone = Notification.objects.filter(user=busy.client.user, status=NotificationStatus.SUPPRESSED)
        assert (before > 0, gone.count()) == (True, before)


def test_same_person_is_not_added_twice_while_archived(world):
    from clients.domain.adding import ClientDetails, add_client

    end(world)
    details = ClientDetails(name="Sam Dorn", email=world.client.user.email)
    with pytest.raises(CannotAdd):
        add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)
