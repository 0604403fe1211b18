"""A large practice, written in a few statements: clients of one therapist, and a long history of one client."""

from copy import copy
from datetime import timedelta

from clients.models import CareTeamMember, Client
from homework.models import Assignment, AssignmentStatus, Enrolment, Response
from messaging.models import Conversation, Participant
from practice.people.models import User
from practice.vault.cipher import encrypt, new_key
from practice.vault.keyring import _owner_bound, _practice_key
from practice.vault.models import DataKey
from tests.people import World

S = AssignmentStatus
TURNS = (S.DONE, S.DONE, S.MISSED, S.SCHEDULED, S.SENT)


def many_clients(world: World, count: int) -> None:
    """Give Noor so many more clients, each with a key, a place on her care team and a conversation."""
    practice, noor, first = world.practice, world.therapist, User.objects.count()
    users = User.objects.bulk_create(
        User(email=f"crowd{n}@elm.example", name=f"Crowd Person{n}", password="!") for n in range(first, first + count)
    )
    with world.scope():
        clients = Client.objects.bulk_create(
            Client(
                practice=practice,
                user=user,
                therapist=noor,
                name=user.name,
                sort_name=user.name.lower(),
                treatment_consent=True,
                created_at=world.now,
            )
            for user in users
        )
        CareTeamMember.objects.bulk_create(
            CareTeamMember(practice=practice, client=client, user=noor, since=world.now) for client in clients
        )
        talks = Conversation.objects.bulk_create(
            Conversation(practice=practice, client=client, created_at=world.now) for client in clients
        )
        Participant.objects.bulk_create(Participant(practice=practice, conversation=talk, user=noor) for talk in talks)
    owners = [("client", client.pk) for client in clients] + [("conversation", talk.pk) for talk in talks]
    DataKey.objects.bulk_create(
        DataKey(
            practice=practice,
            owner_kind=kind,
            owner_id=pk,
            wrapped=encrypt(_practice_key(practice.pk), new_key(), _owner_bound((kind, pk))),
        )
        for kind, pk in owners
    )


def many_assignments(world: World, like: Assignment, count: int) -> None:
    """Give a client so many more occurrences of what they were sent: done and to be read, missed, planned, open."""
    with world.scope():
        first = Assignment.objects.filter(enrolment_id=like.enrolment_id).count()
    _write(world, [_occurrence(like, n) for n in range(first, first + count)])


def assignments_for_all(world: World, like: Assignment, each: int) -> None:
    """Give every other client so many of what one was sent."""
    with world.scope():
        others = list(Client.objects.exclude(pk=like.client_id))
        enrolments = [copy(like.enrolment) for _client in others]
        for enrolment, client in zip(enrolments, others, strict=True):
            enrolment.pk, enrolment.client, enrolment.recipient_id = None, client, client.user_id
        made = Enrolment.objects.bulk_create(enrolments)
    rows = []
    for enrolment in made:
        theirs = copy(like)
        theirs.enrolment, theirs.client, theirs.recipient_id = enrolment, enrolment.client, enrolment.recipient_id
        rows += [_occurrence(theirs, n) for n in range(each)]
    _write(world, rows)


def _occurrence(like: Assignment, n: int) -> Assignment:
    row = copy(like)
    row.pk, row.occurrence, row.status = None, n + 1, TURNS[n % len(TURNS)]
    row.send_at = like.send_at + timedelta(minutes=n if row.status == S.SCHEDULED else -n)
    row.done_at = row.send_at if row.status == S.DONE else None
    return row


def _write(world: World, rows: list[Assignment]) -> None:
    with world.scope():
        made = Assignment.objects.bulk_create(rows)
        Response.objects.bulk_create(
            Response(
                practice_id=row.practice_id,
                client_id=row.client_id,
                assignment=row,
                author_id=row.recipient_id,
                started_at=row.send_at,
                submitted_at=row.send_at,
            )
            for row in made
            if row.status == S.DONE
        )
