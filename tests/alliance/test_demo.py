"""`manage.py demo` tells its story through the verbs, once, leaves something to find, and talks to nobody.

Told here with six people over seven weeks; `make run` tells all of it.
"""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from alliance.management.commands import demo
from alliance.models import Rating, RatingStatus, Signal
from clients.models import Appointment, AttentionItem, AttentionState, Client
from homework.models import Assignment, AssignmentStatus, Comment, Response
from messaging.models import Conversation, ConversationEvent
from practice.notifications.models import Channel, Notification, NotificationStatus
from practice.people.models import Membership, Practice, User
from practice.tenancy import scope
from tests import database
from tests.starting import worker_name

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
SHORT_CAST = ("client", "lina", "joao", "amira", "kofi", "yuki", "carlos")


@pytest.fixture(scope="module")
def left_to_do(django_db_setup, django_db_blocker):
    """The demo, told once for all tests of this file in a database of their own; what its commit would have set off."""
    with django_db_blocker.unblock(), database.copy(f"demo_{worker_name()}"):
        with pytest.MonkeyPatch.context() as patched, override_settings(DEMO=True), transaction.atomic():
            patched.setattr(demo, "PEOPLE", [person for person in demo.PEOPLE if person.key in SHORT_CAST])
            patched.setattr(demo, "WEEKS", 7)
            call_command("demo")
            left = list(connection.run_on_commit)
        yield left


@pytest.fixture
def told(left_to_do, settings, db):
    settings.DEMO = True
    practice = Practice.objects.get(name="Harbour Street Practice")
    with scope(practice=practice):
        yield practice


def test_demo_is_made_once(settings):
    settings.DEMO = True
    Practice.objects.create(name="Already here")
    with pytest.raises(CommandError, match="There is a practice already"):
        call_command("demo")


def test_demo_refuses_outside_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


def test_demo_tells_seven_weeks_in_every_room(told, left_to_do):
    assert (told.is_demo, Client.objects.count(), Membership.objects.filter(practice=told).count()) == (True, 7, 4)
    assert User.objects.get(email="therapist@demo.example").check_password("rapport-demo")
    assert User.objects.get(email="client@demo.example").check_password("rapport-demo")
    assert not User.objects.get(email="admin@demo.example").is_superuser
    held = Appointment.objects.filter(status="held").count()
    assert held > 20
    assert Rating.objects.filter(instrument="check-in", rater="client", status=RatingStatus.GIVEN).count() > held / 2
    assert Comment.objects.exists()
    assert ConversationEvent.objects.count() > 8

    now = timezone.now()
    sam, yuki = Client.objects.get(name="Sam Okafor"), Client.objects.get(name="Yuki Tanaka")
    assert Assignment.objects.filter(client=sam, status=AssignmentStatus.SENT).exists()
    conversation = Conversation.objects.get(client=sam)
    assert conversation.participants.get(user=sam.user).read_seq < conversation.head
    assert (yuki.sessions_held, yuki.created_at > now - timedelta(days=2)) == (0, True)
    assert Appointment.objects.filter(client=sam, status="planned", starts_at__gt=now).exists()
    _risk_answer_is_open_and_its_form_unfinished()
    assert Signal.objects.filter(client__name="João Pires").exists()
    _nothing_of_the_past_waits_to_be_mailed(now)
    assert left_to_do == []


def _risk_answer_is_open_and_its_form_unfinished():
    item = AttentionItem.objects.get(kind="risk")
    assert (item.client.name, item.state) == ("Amira Nasser", AttentionState.OPEN)
    assert Response.objects.get(client=item.client, submitted_at=None)


def _nothing_of_the_past_waits_to_be_mailed(now):
    waiting = Notification.objects.filter(channel=Channel.EMAIL, status=NotificationStatus.READY)
    assert not waiting.filter(created_at__lt=now - timedelta(hours=2)).exists()


def test_demo_has_someone_in_two_practices_and_mails_to_try_again(told, client):
    assert _signed_in(client, "tomas@demo.example").get("/seats/").content.decode().count("Practice</") >= 2
    page = _signed_in(client, "admin@demo.example").get("/desk/delivery/").content.decode()
    assert "Try again" in page
    dead = Notification.objects.get(status=NotificationStatus.DEAD)
    assert client.post(f"/desk/delivery/{dead.pk}/retry/").status_code == 302
    assert Notification.objects.get(pk=dead.pk).status == NotificationStatus.READY


def _signed_in(client, email):
    client.logout()
    answer = client.post("/accounts/login/", {"login": email, "password": "rapport-demo"})
    assert answer.status_code == 302, answer.content
    return client


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("therapist@demo.example", "/desk/"),
        ("client@demo.example", "/"),
        ("admin@demo.example", "/admin/"),
        ("tomas@demo.example", "/seats/"),
    ],
)
def test_each_login_of_the_demo_opens_its_door(told, client, email, address):
    assert _signed_in(client, email).get(address).status_code == 200
