"""A client's e-mail address, added or corrected by their therapist."""

import json
import re

import pytest
from django.core.cache import cache

from clients.domain.adding import ClientDetails, add_client
from clients.domain.archiving import archive_client
from clients.domain.inviting import CannotAccept, accept, find_invitation, invite, note_bounce
from clients.domain.letting_in import come_in, show_code
from clients.domain.readdressing import CannotReaddress, give_address
from clients.models import Client
from homework.models import AssignmentStatus
from messaging.models import Participant
from practice.accounts.linking import request_link
from practice.accounts.models import EmailChange
from practice.audit.models import AuditEvent
from practice.notifications.models import Channel, Notification, NotificationStatus, UserChannel
from practice.people.models import User
from practice.tenancy import every_practice
from tests.homework.sheets import make_assignment
from tests.people import NOW, make_client

RIGHT = "ivy@right.example"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


@pytest.fixture
def ivy(world):
    """A client who was invited at a mistyped address."""
    client = make_client(world.practice, "Ivy New", world.therapist, ready=False)
    invite(client=client, by=world.therapist, now=NOW)
    return client


@pytest.fixture
def pip(world):
    """A client without an e-mail, who has come in by a code."""
    details = ClientDetails(name="Pip Marsh")
    made = add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)
    return come_in(code=show_code(client=made, by=world.therapist, now=NOW)[1], now=NOW)


def mail_to(user, word="invitation"):
    """The newest sealed mail about this user, and the token of its link."""
    with every_practice("the outbox"):
        row = Notification.objects.filter(user=user, payload__isnull=False).latest("pk")
        text = json.loads(row.payload)["text"]
    return text, re.search(rf"/{word}/([^/\s]+)/", text)[1]


def again(client):
    """The client as the database has them."""
    with every_practice("a test"):
        return Client.objects.select_related("user").get(pk=client.pk)


def give(world, client, email=RIGHT):
    """Write the address down."""
    return give_address(client=client, email=email, by=world.therapist, now=NOW)


def test_corrected_address_is_invited_and_the_old_link_is_over(world, ivy):
    _text, old = mail_to(ivy.user)
    assert give(world, ivy, f" {RIGHT.upper()} ").invited
    with pytest.raises(CannotAccept):
        find_invitation(token=old, now=NOW)
    client = accept(token=mail_to(again(ivy).user)[1], now=NOW)
    assert (client.user.email, client.user.email_proven_at) == (RIGHT, NOW)


def test_old_invitation_that_has_not_left_is_taken_back(world, ivy):
    give(world, ivy)
    with world.scope():
        rows = Notification.objects.filter(user=ivy.user, kind=10).order_by("pk").values_list("status", flat=True)
    assert list(rows) == [NotificationStatus.SUPPRESSED, NotificationStatus.READY]


def test_wrong_address_that_comes_back_late_says_nothing_about_the_right_one(world, ivy):
    give(world, ivy)
    note_bounce(user_id=ivy.user_id, practice_id=world.practice.pk, address="ivy.new@elm.example", now=NOW)
    assert again(ivy).user.email_bounced_at is None


def test_address_is_added_and_invited_from_the_record(world):
    details = ClientDetails(name="Pip Marsh")
    pip = add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)
    desk = world.as_(world.therapist)
    assert "Add an address" in desk.get(f"/desk/clients/{pip.pk}/record/").content.decode()
    answer = desk.post(f"/desk/clients/{pip.pk}/email/", {"email": RIGHT}, follow=True)
    assert f"on its way to {RIGHT}" in answer.content.decode()
    assert "Sent" in answer.content.decode()


def test_who_came_in_by_a_code_confirms_it_themself(world, pip):
    assert not give(world, pip).invited
    text, token = mail_to(pip.user, "email")
    assert "Noor Haddad wrote down this address" in text
    assert again(pip).user.email is None
    assert world.as_(pip).post(f"/accounts/security/email/{token}/").status_code == 302
    assert again(pip).user.email == RIGHT
    assert request_link(email=RIGHT, next_path="", now=NOW) is not None


def test_stranger_at_a_mistyped_address_gets_nothing(world, pip, client):
    give(world, pip)
    path = f"/accounts/security/email/{mail_to(pip.user, 'email')[1]}/"
    assert client.post(path)["Location"].startswith("/accounts/login/")
    assert world.as_(world.second).post(path).status_code == 410
    assert request_link(email=RIGHT, next_path="", now=NOW) is None
    assert again(pip).user.email is None


def test_record_says_that_it_waits_to_be_confirmed(world, pip):
    give(world, pip)
    page = world.as_(world.therapist).get(f"/desk/clients/{pip.pk}/record/").content.decode()
    assert f"{RIGHT} since" in page


def test_what_a_client_asks_for_themself_is_not_shown_to_the_care_team(world, pip):
    pip.user.set_password("a small boat at sea")
    pip.user.save()
    world.as_(pip).post("/accounts/security/email/", {"email": RIGHT})
    assert EmailChange.objects.get().email == RIGHT
    page = world.as_(world.therapist).get(f"/desk/clients/{pip.pk}/record/").content.decode()
    assert RIGHT not in page


def test_proven_address_is_only_its_owners_to_change(world):
    with pytest.raises(CannotReaddress):
        give(world, world.client)
    page = world.as_(world.therapist).get(f"/desk/clients/{world.client.pk}/record/").content.decode()
    assert "Correct the address" not in page
    User.objects.filter(pk=world.client.user_id).update(email_bounced_at=NOW)
    assert not give(world, again(world.client)).invited


def test_address_of_another_client_here_is_refused_in_words(world, ivy):
    answer = world.as_(world.therapist).post(f"/desk/clients/{ivy.pk}/email/", {"email": world.second.user.email})
    assert "already a client here" in answer.content.decode()
    assert again(ivy).user.email == "ivy.new@elm.example"


def test_address_known_in_another_practice_is_answered_like_any_other(world, ivy):
    there = world.other_client.user
    assert give(world, ivy, there.email).invited
    now = again(ivy)
    assert now.user == there
    assert User.objects.get(pk=ivy.user_id).email is None
    accept(token=mail_to(there)[1], now=NOW)
    assert world.as_(there).get("/seats/").status_code == 200


def test_mistyped_address_of_somebody_known_leaves_them_alone(world):
    wrong = make_client(world.practice, "Uma Reed", world.therapist, ready=False)
    known = world.other_client.user
    with world.scope():
        Client.objects.filter(pk=wrong.pk).update(user=known)
    give(world, again(wrong))
    known.refresh_from_db()
    assert (known.email, known.is_active) == ("uma.reed@oak.example", True)
    assert again(wrong).user.email == RIGHT
    assert again(world.other_client).user == known


def test_homework_and_conversation_follow_the_person(world, ivy):
    assignment = make_assignment(ivy, NOW, status=AssignmentStatus.HELD)
    give(world, ivy, world.other_client.user.email)
    with world.scope():
        assignment.refresh_from_db()
        places = set(Participant.objects.filter(conversation__client=ivy).values_list("user_id", flat=True))
    assert assignment.recipient_id == world.other_client.user_id
    assert places == {world.therapist.pk, world.other_client.user_id}


def test_ended_client_keeps_the_address(world, ivy):
    archive_client(client=ivy, by=world.therapist, now=NOW)
    with pytest.raises(CannotReaddress):
        give(world, ivy)


def test_only_the_care_team_writes_it_down(world, ivy):
    path = f"/desk/clients/{ivy.pk}/email/"
    for who in (world.colleague, world.admin, world.lead, world.outsider):
        assert world.as_(who).post(path, {"email": RIGHT}).status_code == 404
    assert again(ivy).user.email == "ivy.new@elm.example"


def test_trail_says_who_wrote_it_down_and_not_what(world, ivy):
    give(world, ivy)
    with world.scope():
        row = AuditEvent.objects.get(verb="client_address_given")
    assert (row.actor, row.client_ref, row.facts) == (world.therapist, ivy.pk, {})


def test_mails_go_out_once_an_address_is_confirmed(world, pip):
    pip.messages_consent = True
    with world.scope():
        pip.save()
    give(world, pip)
    world.as_(pip).post(f"/accounts/security/email/{mail_to(pip.user, 'email')[1]}/")
    assert set(UserChannel.objects.filter(user=pip.user).values_list("channel", flat=True)) == set(Channel)


def test_invitation_to_an_address_that_is_no_longer_theirs_opens_nothing(world):
    details = ClientDetails(name="Sam Dorn", email=world.client.user.email)
    there = add_client(
        practice=world.other_practice, details=details, therapist=world.outsider, by=world.outsider, now=NOW
    )
    invite(client=there, by=world.outsider, now=NOW)
    token = mail_to(world.client.user)[1]
    User.objects.filter(pk=world.client.user_id).update(email="sam@new.example")
    with pytest.raises(CannotAccept):
        accept(token=token, now=NOW)
