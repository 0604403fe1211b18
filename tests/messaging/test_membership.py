"""The rule stands twice, in Python and in SQL. Here both answer the same question about everybody."""

from datetime import timedelta

import pytest
import rules
from django.utils import timezone

from clients.models import CareTeamMember, Client, ClientStatus, Leave
from messaging.domain.posting import Closed, NotInIt, post
from messaging.models import Conversation
from messaging.queries.membership import place_of
from practice.live.heads import Question, ask
from practice.people.models import Membership
from tests.messaging.conftest import uuid4
from tests.people import NOW, World

pytestmark = pytest.mark.today
PEOPLE = ("therapist", "colleague", "lead", "admin", "outsider", "client", "second", "stranger", "other_client")


def nothing(world: World) -> None:
    """Leave all as it is."""


def archived(world: World) -> None:
    Client.objects.filter(pk=world.client.pk).update(status=ClientStatus.ARCHIVED)


def withdrawn(world: World) -> None:
    Client.objects.filter(pk=world.client.pk).update(treatment_consent=False)


def therapist_left(world: World) -> None:
    CareTeamMember.objects.filter(client=world.client).update(until=timezone.now())


def therapist_gone(world: World) -> None:
    Membership.objects.filter(user=world.therapist).update(is_active=False)


def colleague_joined(world: World) -> None:
    CareTeamMember.objects.create(
        practice=world.practice, client=world.client, user=world.colleague, since=NOW - timedelta(days=1)
    )


def colleague_stands_in(world: World) -> None:
    a_leave(world, -1, 1)


def leave_is_over(world: World) -> None:
    a_leave(world, -2, -1)


def leave_lies_ahead(world: World) -> None:
    a_leave(world, 1, 2)


def stand_in_gone(world: World) -> None:
    a_leave(world, -1, 1)
    Membership.objects.filter(user=world.colleague).update(is_active=False)


def stands_in_for_someone_archived(world: World) -> None:
    a_leave(world, -1, 1)
    archived(world)


def a_leave(world: World, first: int, last: int) -> None:
    """Noor is away for these days from now, with Jonas standing in."""
    now = timezone.now()
    Leave.objects.create(
        practice=world.practice,
        user=world.therapist,
        stand_in=world.colleague,
        starts_at=now + timedelta(days=first),
        ends_at=now + timedelta(days=last),
        zone="Europe/Berlin",
        created_at=now,
    )


STATES = [
    nothing,
    archived,
    withdrawn,
    therapist_left,
    therapist_gone,
    colleague_joined,
    colleague_stands_in,
    leave_is_over,
    leave_lies_ahead,
    stand_in_gone,
    stands_in_for_someone_archived,
]
READERS = {  # who reads besides Noor and Sam, who always do here
    colleague_joined: {"colleague"},
    colleague_stands_in: {"colleague"},
}


def user_of(world: World, person: str):
    who = getattr(world, person)
    return who.user if isinstance(who, Client) else who


@pytest.mark.parametrize("change", STATES, ids=lambda f: f.__name__)
def test_python_and_sql_agree_about_everybody(world, conversation, change):
    with world.scope():
        change(world)
        row = Conversation.objects.select_related("client").get(pk=conversation.pk)
        users = {person: user_of(world, person) for person in PEOPLE}
        pairs = {(row.pk, user.pk) for user in users.values()}
        listeners = ask(Question(pairs={"conversation": pairs})).pairs.get("conversation", set())

        for person, user in users.items():
            reads = rules.has_perm("messaging.read_conversation", user, row)
            writes = rules.has_perm("messaging.write_in_conversation", user, row)
            assert ((row.pk, user.pk) in listeners) == reads, person
            assert (place_of(conversation_id=row.pk, user_id=user.pk, since=world.now) is not None) == reads, person
            assert could_post(world, row, user) == writes, person


@pytest.mark.parametrize("change", STATES, ids=lambda f: f.__name__)
def test_nobody_reads_but_who_should(world, conversation, change):
    with world.scope():
        change(world)
        row = Conversation.objects.select_related("client").get(pk=conversation.pk)
        reads = {p for p in PEOPLE if rules.has_perm("messaging.read_conversation", user_of(world, p), row)}
    usual = {"client"} if change in {therapist_left, therapist_gone} else {"client", "therapist"}
    assert reads == usual | READERS.get(change, set())


def could_post(world, row, user):
    try:
        post(
            conversation_id=row.pk,
            practice_id=world.practice.pk,
            author=user,
            text="x",
            client_uuid=uuid4(),
            now=NOW,
        )
    except (Closed, NotInIt):
        return False
    return True


def test_who_joins_the_care_team_reads_all_and_nothing_waits_for_them(world, conversation, write):
    from clients.domain.teaming import join_team
    from messaging.models import Participant

    write(world.client.user)
    with world.scope():
        join_team(client=world.client, user=world.colleague, by=world.therapist, now=NOW)
        place = Participant.objects.get(conversation=conversation, user=world.colleague)

        assert rules.has_perm("messaging.read_conversation", world.colleague, conversation)
    assert place.read_message_no == 1
