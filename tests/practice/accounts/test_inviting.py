"""Inviting to the staff: single use, seven days, how far it came, and that nothing of another practice shows."""

import json
from datetime import timedelta

import pytest

from practice.accounts.inviting import (
    CannotInvite,
    CannotJoin,
    find_invitation,
    invite_member,
    join_practice,
    note_opened,
    send_again,
    withdraw_invitation,
)
from practice.accounts.people import people_of
from practice.accounts.second_factors import Factors, factors_of
from practice.accounts.staffing import CannotChangeStaff, change_member
from practice.notifications import events
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import Membership, Role, User
from tests.people import NOW, give_app

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEW = "a new one of my own"


def invite(world, email="nina@elm.example", now=NOW, name="Nina New"):
    """Invite someone; the invitation and its token."""
    made, path = invite_member(
        practice=world.practice, email=email, name=name, roles=[Role.THERAPIST], by=world.admin, now=now
    )
    return made, path.split("/")[2]


def states(world, now=NOW):
    """How far each open invitation came."""
    return [one.state.key for one in people_of(world.practice, now=now).invited]


def test_invited_person_joins_once_with_a_password_of_their_own(world):
    _made, token = invite(world)
    member = join_practice(token=token, password=NEW, now=NOW)
    assert (member.roles, member.user.name, member.user.check_password(NEW)) == (["therapist"], "Nina New", True)
    with pytest.raises(CannotJoin):
        join_practice(token=token, password=NEW, now=NOW)


def test_who_was_only_invited_is_no_member_and_can_not_sign_in(world):
    invite(world)
    user = User.objects.get(email="nina@elm.example")
    assert user.activated_at is None
    assert not Membership.objects.filter(user=user).exists()


def test_state_follows_the_invitation(world):
    made, _token = invite(world)
    seen = [states(world), states(world, NOW + 7 * DAY)]
    note_opened(invitation=made, now=NOW)
    seen.append(states(world))
    events.bounced.send(
        sender=Notification, kind="staff_invitation", subject_id=made.pk, user_id=made.user_id,
        practice_id=world.practice.pk, address="", now=NOW,
    )  # fmt: skip
    seen.append(states(world))
    send_again(invitation=made, by=world.admin, now=NOW + DAY)
    seen.append(states(world, NOW + DAY))
    assert seen == [["sent"], ["too_old"], ["opened"], ["bounced"], ["sent"]]


def test_newer_invitation_and_withdrawal_end_the_link(world):
    made, old = invite(world)
    fresh, new = invite(world, now=NOW + DAY)
    with pytest.raises(CannotJoin):
        find_invitation(token=old, now=NOW + DAY)
    withdraw_invitation(invitation=fresh, by=world.admin, now=NOW + DAY)
    with pytest.raises(CannotJoin):
        find_invitation(token=new, now=NOW + DAY)
    with pytest.raises(CannotInvite):
        send_again(invitation=made, by=world.admin, now=NOW + DAY)


def test_withdrawn_mail_does_not_leave(world):
    made, _token = invite(world)
    withdraw_invitation(invitation=made, by=world.admin, now=NOW)
    with world.scope():
        mail = Notification.objects.get(user_id=made.user_id)
    assert (mail.status, mail.payload) == (NotificationStatus.SUPPRESSED, None)


def test_link_is_over_after_seven_days(world):
    _made, token = invite(world)
    assert find_invitation(token=token, now=NOW + 6 * DAY)
    with pytest.raises(CannotJoin):
        find_invitation(token=token, now=NOW + 7 * DAY)


def test_only_a_hash_of_the_token_is_kept(world):
    made, token = invite(world)
    assert token not in made.token_hash


def test_colleague_is_not_invited_twice(world):
    with pytest.raises(CannotInvite):
        invite(world, email=world.therapist.email.upper())


def test_mail_says_nothing_about_therapy(world):
    made, _token = invite(world)
    with world.scope():
        mail = json.loads(Notification.objects.get(user_id=made.user_id).payload)
    words = (mail["subject"] + mail["text"]).lower()
    assert not [word for word in ("therap", "clinic", "patient", "health") if word in words]


def test_invitation_shows_the_name_that_was_typed_and_not_the_one_known_elsewhere(world):
    invite(world, email=world.outsider.email, name="O. S.")
    assert [one.row.name for one in people_of(world.practice, now=NOW).invited] == ["O. S."]


def test_who_has_a_sign_in_elsewhere_keeps_it_and_joins_while_signed_in(world, client):
    _made, token = invite(world, email=world.outsider.email)
    answer = client.post(f"/join/{token}/")
    assert answer["Location"] == f"/accounts/login/?next=%2Fjoin%2F{token}%2F"
    browser = world.as_(world.outsider)
    assert browser.post(f"/join/{token}/")["Location"] == "/desk/"
    assert Membership.objects.filter(user=world.outsider).count() == 2


def test_someone_else_who_is_signed_in_here_does_not_join_by_this_link(world):
    _made, token = invite(world, email=world.outsider.email)
    world.as_(world.colleague).post(f"/join/{token}/")
    assert Membership.objects.filter(practice=world.practice, user=world.outsider).count() == 0


def test_address_that_was_never_proven_loses_what_was_set_up_before(world):
    user = world.second.user
    User.objects.filter(pk=user.pk).update(email_proven_at=None)
    old = world.as_(world.second)
    give_app(user)
    _made, token = invite(world, email=user.email)
    join_practice(token=token, password=NEW, now=NOW)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert factors_of(user) == Factors()  # else the owner could be shut out, and somebody else let in
    assert old.get("/me/").status_code == 302


def test_invitation_to_a_former_address_opens_nothing(world):
    made, token = invite(world, email=world.outsider.email)
    User.objects.filter(pk=world.outsider.pk).update(email="omar@new.example")
    world.as_(world.outsider).post(f"/join/{token}/")
    assert Membership.objects.filter(practice=world.practice, user=world.outsider).count() == 0
    made.user.refresh_from_db()
    again = send_again(invitation=made, by=world.admin, now=NOW)
    assert (again.user, again.email) == (world.outsider, "omar@new.example")


def test_link_opens_with_a_button_and_ends_at_the_desk(world, client):
    made, token = invite(world)
    page = client.get(f"/join/{token}/")
    made.refresh_from_db()
    assert (page.status_code, made.opened_at) == (200, None)
    assert client.post(f"/join/{token}/").status_code == 200
    made.refresh_from_db()
    assert made.opened_at is not None
    refused = client.post(f"/join/{token}/", {"password1": NEW, "password2": "another"})
    assert "not the same" in refused.content.decode()
    assert client.post(f"/join/{token}/", {"password1": NEW, "password2": NEW})["Location"] == "/desk/"


def test_who_left_can_be_invited_again(world):
    member = Membership.objects.get(user=world.lead)
    change_member(membership=member, roles=[Role.LEAD], is_active=False, by=world.admin, now=NOW)
    _made, token = invite(world, email=world.lead.email)
    User.objects.filter(pk=world.lead.pk).update(password="!")
    assert join_practice(token=token, password=NEW, now=NOW).pk == member.pk


def test_the_last_admin_stays(world):
    member = Membership.objects.get(user=world.admin)
    with pytest.raises(CannotChangeStaff):
        change_member(membership=member, roles=[Role.THERAPIST], is_active=True, by=world.admin, now=NOW)
    answer = world.as_(world.admin).post(f"/desk/people/{member.pk}/", {"roles": ["admin"]})
    assert "at least one admin" in answer.content.decode()


def test_people_page_costs_the_same_for_few_and_many(world, django_assert_num_queries):
    for n in range(12):
        invite(world, email=f"new{n}@elm.example")
    with django_assert_num_queries(2):
        people_of(world.practice, now=NOW)
