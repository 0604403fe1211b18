"""Invitations: single use, seven days, how far they came."""

import json
import re
from datetime import timedelta

import pytest

from clients.domain.inviting import CannotAccept, CannotInvite, accept, find_invitation, invite, note_bounce
from clients.models import Client, Invitation
from clients.queries.record import invitation_state
from practice.notifications.models import Notification
from tests.people import NOW, make_client

DAY = timedelta(days=1)


@pytest.fixture
def invited(world):
    """A client who was invited."""
    client = make_client(world.practice, "Ivy New", world.therapist, ready=False)
    invite(client=client, by=world.therapist, now=NOW)
    return client


def token_for(world, client):
    """The token in the newest mail to the client."""
    with world.scope():
        row = Notification.objects.filter(user=client.user, payload__isnull=False).latest("pk")
        return re.search(r"/invitation/([^/\s]+)/", json.loads(row.payload)["text"])[1]


def state_of(world, client, now=NOW):
    """How far the invitation came."""
    with world.scope():
        return invitation_state(Client.objects.select_related("user").get(pk=client.pk), now=now).key


def test_invitation_lets_the_client_in_once(world, invited):
    token = token_for(world, invited)
    assert accept(token=token, now=NOW).user.activated_at == NOW
    with pytest.raises(CannotAccept):
        accept(token=token, now=NOW)


def test_invitation_opened_by_a_mail_scanner_changes_nothing(world, invited, client):
    assert client.get(f"/invitation/{token_for(world, invited)}/").status_code == 200
    assert state_of(world, invited) == "sent"


def test_invitation_leads_to_the_consents(world, invited, client):
    answer = client.post(f"/invitation/{token_for(world, invited)}/", {"own_device": "on"})
    assert answer["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200


def test_invitation_is_over_after_seven_days(world, invited):
    token = token_for(world, invited)
    assert find_invitation(token=token, now=NOW + 6 * DAY)
    with pytest.raises(CannotAccept):
        find_invitation(token=token, now=NOW + 7 * DAY)


def test_newer_invitation_ends_the_older(world, invited):
    old = token_for(world, invited)
    invite(client=invited, by=world.therapist, now=NOW + DAY)
    with pytest.raises(CannotAccept):
        find_invitation(token=old, now=NOW + DAY)


def test_only_a_hash_of_the_token_is_kept(world, invited):
    with world.scope():
        assert token_for(world, invited) not in Invitation.objects.get(client=invited).token_hash


def test_client_without_an_address_can_not_be_invited(world, invited):
    invited.user.email = None
    with pytest.raises(CannotInvite):
        invite(client=invited, by=world.therapist, now=NOW)


def test_state_follows_the_invitation(world, invited):
    seen = [state_of(world, invited), state_of(world, invited, NOW + 8 * DAY)]
    note_bounce(user_id=invited.user_id, practice_id=world.practice.pk, address=invited.user.email, now=NOW)
    seen.append(state_of(world, invited))
    invite(client=invited, by=world.therapist, now=NOW + DAY)
    seen.append(state_of(world, invited, NOW + DAY))
    accept(token=token_for(world, invited), now=NOW + DAY)
    assert [*seen, state_of(world, invited, NOW + DAY)] == ["sent", "too_old", "bounced", "sent", "accepted"]


def test_mail_says_nothing_about_therapy(world, invited):
    with world.scope():
        mail = json.loads(Notification.objects.filter(user=invited.user).latest("pk").payload)
    assert not re.search(r"therap|treat|clinic|health|patient", mail["subject"] + mail["text"], re.IGNORECASE)
