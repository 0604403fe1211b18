"""A caseload handed over: what moves, who is told, who reads from then on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.domain.archiving import archive_client
from clients.domain.attending import raise_item
from clients.domain.meeting import plan_appointment
from clients.domain.teaming import CannotChangeTeam, hand_over
from clients.models import Appointment, Client
from clients.queries.handing_over import what_moves
from messaging.domain.holding import hold, release_due
from messaging.models import Conversation, HeldMessage
from practice.accounts.staffing import CannotChangeStaff, change_member
from practice.audit.models import AuditEvent
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import Membership, Role
from tests.people import NOW, make_client

DAY, MINUTES = timedelta(days=1), timedelta(minutes=1)


def give(world, client=None, keep=False):
    """Noor hands Sam over to Jonas."""
    return hand_over(client=client or world.client, to=world.colleague, by=world.lead, now=NOW, keep=keep)


def held(world):
    with world.scope():
        return hold(
            conversation=Conversation.objects.get(client=world.client),
            author=world.therapist,
            text="Until Thursday then",
            client_uuid=uuid4(),
            release_at=NOW + DAY,
            now=NOW,
        )


def member(user):
    return Membership.objects.get(user=user)


def test_new_therapist_opens_and_the_former_finds_nothing(world):
    give(world)
    path = f"/desk/clients/{world.client.pk}/"
    assert world.as_(world.colleague).get(path).status_code == 200
    assert world.as_(world.therapist).get(path).status_code == 404


def test_former_therapist_may_stay_on_the_team(world):
    give(world, keep=True)
    assert world.as_(world.therapist).get(f"/desk/clients/{world.client.pk}/").status_code == 200


def test_appointments_ahead_become_the_new_therapists(world):
    for days in (-1, 1):
        starts = NOW + days * DAY
        plan_appointment(client=world.client, therapist=world.therapist, starts_at=starts, by=world.therapist, now=NOW)
    give(world)
    with world.scope():
        assert [row.therapist for row in Appointment.objects.order_by("starts_at")] == [
            world.therapist,
            world.colleague,
        ]


def test_what_nobody_acknowledged_is_asked_of_the_new_therapist(world):
    item = raise_item(client=world.client, kind="help_asked", key="1", now=NOW - 5 * MINUTES)
    give(world)
    with world.scope():
        rows = Notification.objects.filter(subject_type=22, subject_id=item.pk, not_before__lte=NOW + 20 * MINUTES)
        waiting = rows.exclude(status=NotificationStatus.SUPPRESSED)
        assert [row.user for row in waiting] == [world.colleague, world.colleague]


def test_held_message_waits_for_the_new_therapist_and_does_not_go_out_in_their_name(world):
    held(world)
    give(world)
    assert release_due(now=NOW + 2 * DAY) == 0
    with world.scope():
        row = HeldMessage.objects.get()
        assert (row.author, row.written_by) == (world.colleague, world.therapist)
        pk = Conversation.objects.get(client=world.client).pk
    page = world.as_(world.colleague).get(f"/desk/messages/{pk}/").content.decode()
    assert "Until Thursday then" in page
    assert "Noor Haddad wrote this before you took over." in page


def test_held_message_of_who_stays_goes_out(world):
    held(world)
    give(world, keep=True)
    assert release_due(now=NOW + 2 * DAY) == 1


def test_everybody_is_told_once(world):
    give(world)
    with world.scope():
        rows = Notification.objects.filter(subject_type=23, subject_id=world.client.pk, channel=1)
        told = sorted(rows.values_list("user", flat=True))
    assert told == sorted([world.client.user_id, world.therapist.pk, world.colleague.pk])


def test_client_reads_it_on_today(world):
    give(world)
    with world.scope():
        Client.objects.filter(pk=world.client.pk).update(therapist_since=None)
    assert "Jonas is your therapist now" not in world.as_(world.client).get("/").content.decode()
    with world.scope():
        Client.objects.filter(pk=world.client.pk).update(therapist_since=NOW + 3650 * DAY)
    assert "Jonas is your therapist now" in world.as_(world.client).get("/").content.decode()


def test_handover_is_in_the_trail(world):
    give(world)
    with world.scope():
        event = AuditEvent.objects.get(verb="client_handed_over")
    assert (event.actor, event.facts["to"], event.facts["keep"]) == (world.lead, world.colleague.pk, False)


def test_handing_over_twice_is_handing_over_once(world):
    give(world)
    give(world)
    with world.scope():
        assert AuditEvent.objects.filter(verb="client_handed_over").count() == 1


@pytest.mark.parametrize("who", ["outsider", "lead", "admin"])
def test_only_a_therapist_of_the_practice_takes_over(world, who):
    with pytest.raises(CannotChangeTeam, match="Only a therapist"):
        hand_over(client=world.client, to=getattr(world, who), by=world.lead, now=NOW)


def test_who_leaves_hands_everybody_over_first_the_archived_too(world):
    archive_client(client=world.second, by=world.therapist, now=NOW)
    give(world)
    with pytest.raises(CannotChangeStaff, match="Hand over 1 client"):
        change_member(
            membership=member(world.therapist), roles=[Role.THERAPIST], is_active=False, by=world.admin, now=NOW
        )
    give(world, world.second)
    change_member(membership=member(world.therapist), roles=[Role.THERAPIST], is_active=False, by=world.admin, now=NOW)
    assert world.as_(world.therapist).get("/desk/").status_code == 404


def test_who_leaves_is_off_every_team(world):
    for client in (world.client, world.second):
        give(world, client, keep=True)
    change_member(membership=member(world.therapist), roles=[Role.THERAPIST], is_active=False, by=world.admin, now=NOW)
    with world.scope():
        assert list(Client.objects.treated_by(world.therapist)) == []


def test_page_shows_what_moves_and_then_moves_it(world):
    held(world)
    raise_item(client=world.client, kind="consent_withdrawn", key="1", now=NOW)
    given = {"to": world.colleague.pk, "clients": [world.client.pk, world.second.pk]}
    browser = world.as_(world.therapist)
    page = browser.post("/desk/leave/hand-over/", given).content.decode()
    assert "Things that ask for attention: 1" in page
    assert "Messages written for later: 1" in page
    with world.scope():
        assert Client.objects.get(pk=world.client.pk).therapist == world.therapist
    assert browser.post("/desk/leave/hand-over/", given | {"sure": "yes"}).status_code == 302
    with world.scope():
        assert not Client.objects.filter(therapist=world.therapist).exists()


def test_lead_hands_over_for_others_and_a_therapist_only_their_own(world):
    path = f"/desk/leave/hand-over/?from={world.therapist.pk}"
    assert "Sam Dorn" in world.as_(world.lead).get(path).content.decode()
    assert world.as_(world.colleague).get(path).status_code == 404
    given = {"to": world.colleague.pk, "clients": [world.client.pk], "sure": "yes"}
    assert world.as_(world.colleague).post("/desk/leave/hand-over/", given).status_code == 400
    assert world.as_(world.lead).post(path, given).status_code == 302


def test_preview_costs_the_same_with_few_and_with_many(world):
    def cost(clients):
        with world.scope(), CaptureQueriesContext(connection) as queries:
            what_moves(clients, world.therapist, now=NOW)
        return len(queries)

    few = cost([world.client])
    many = [make_client(world.practice, f"Client {word}", world.therapist) for word in ("Anna", "Bo", "Cem", "Dov")]
    assert cost([world.client, world.second, *many]) == few == 3
