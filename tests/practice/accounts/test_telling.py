"""A change of how someone signs in is told and kept, whoever it is and whoever did it."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from practice.accounts.founding import give_seat
from practice.audit.models import AuditEvent
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel, EngineLane, Notification
from practice.people.models import Membership, Role, User
from practice.tenancy import every_practice
from tests.people import NOW, PASSWORD, code_of, give_app


@pytest.fixture
def boss(world):
    """Who runs the installation, and belongs to no practice."""
    return User.objects.create_superuser("root@rapport.example", PASSWORD, name="Root Boss")


def trail(verb):
    """Practice and actor of each row with this verb, oldest first."""
    with every_practice("the trail of the installation too"):
        rows = AuditEvent.objects.filter(verb=verb).order_by("pk")
        return [(row.practice_id, row.actor_id) for row in rows]


def mailed(user):
    """Deliver what waits, and return what this person got."""
    EngineLane.objects.get_or_create(name="outbox-email")
    mail.outbox.clear()
    deliver(channel=Channel.EMAIL, seconds=5, moment=timezone.now())
    return [letter for letter in mail.outbox if letter.to == [user.email]]


def test_who_runs_the_installation_is_told_and_it_stands_in_the_trail(world, boss):
    browser = world.as_(boss)
    page = browser.get("/accounts/security/app/")
    secret = page.context["secret"].replace(" ", "")
    assert browser.post("/accounts/security/app/", {"code": code_of(secret)}).status_code == 302
    assert trail("app_added") == [(None, boss.pk)]
    (letter,) = mailed(boss)
    assert letter.subject == "Your sign-in was changed"
    assert "app" not in letter.body


def test_reset_at_the_server_is_nobodys_act_and_told(world, boss, capsys):
    for user in (boss, world.therapist):
        give_app(user)
        call_command("reset_second_factor", user.email)
    assert trail("factors_reset") == [(None, None), (world.practice.pk, None)]
    assert trail("signed_out_everywhere") == [(None, None), (world.practice.pk, None)]
    assert [letter.to for letter in mailed(boss)] == [[boss.email]]


def test_reset_for_who_no_longer_works_here_stands_in_the_installations_trail(world):
    Membership.objects.filter(user=world.lead).update(is_active=False)
    give_app(world.lead)
    call_command("reset_second_factor", world.lead.email)
    assert trail("factors_reset") == [(None, None)]
    assert len(mailed(world.lead)) == 1


def test_change_of_who_works_in_two_practices_stands_in_both(world):
    give_seat(practice=world.other_practice, user=world.therapist, roles=[Role.THERAPIST], now=NOW, by=None)
    give_app(world.therapist)
    assert world.as_(world.therapist).post("/accounts/security/codes/").status_code == 302
    both = [(practice.pk, world.therapist.pk) for practice in (world.practice, world.other_practice)]
    assert sorted(trail("codes_made")) == sorted(both)
    with every_practice("both"):
        assert Notification.objects.filter(user=world.therapist, kind=4).count() == 1


def test_who_runs_the_installation_can_be_invited_to_a_practice(world, boss):
    answer = world.as_(world.admin).post(
        "/desk/people/invite/", {"name": "Root", "email": boss.email, "roles": ["admin"]}
    )
    assert answer.status_code == 302


def test_lost_mailbox_opens_nothing_and_lets_a_therapist_help(world, client):
    call_command("lost_mailbox", "sam.dorn@elm.example")
    client.post("/accounts/link/", {"email": "sam.dorn@elm.example"})
    client.post("/accounts/password/", {"email": "sam.dorn@elm.example"})
    with every_practice("the outbox"):
        assert not Notification.objects.filter(user=world.client.user, kind__in=(1, 5)).exists()
    assert trail("mailbox_lost") == [(world.practice.pk, None)]
    page = world.as_(world.therapist).get(f"/desk/clients/{world.client.pk}/record/").content.decode()
    assert "Correct the address" in page
    assert "Show a code in the room" in page


def test_who_runs_the_installation_takes_another_address_at_the_server(world, boss):
    page = world.as_(boss).get("/accounts/security/").content.decode()
    assert "manage.py change_email" in page
    call_command("change_email", boss.email, " OPS@rapport.example ")
    boss.refresh_from_db()
    assert boss.email == "ops@rapport.example"
    assert trail("email_changed") == [(None, None)]
    assert len(mailed(boss)) == 1


@pytest.mark.parametrize(
    ("former", "new", "said"),
    [
        ("sam.dorn@elm.example", "sam@new.example", "they change their address themselves"),
        ("root@rapport.example", "sam.dorn@elm.example", "Somebody else has this address"),
        ("root@rapport.example", "nowhere", "no e-mail address"),
        ("nobody@rapport.example", "sam@new.example", "Nobody has this address"),
    ],
)
def test_the_server_gives_no_other_address(world, boss, former, new, said):
    with pytest.raises(CommandError, match=said):
        call_command("change_email", former, new)
    assert User.objects.filter(email__in=["sam@new.example", "nowhere"]).count() == 0
