"""Who works with a client: joining and leaving the care team, another primary therapist. Both sides are told."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.events import care_team_changed, client_handed_over
from clients.models import Appointment, AppointmentStatus, CareTeamMember, Client
from clients.queries.staff import therapists_of
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope


class CannotChangeTeam(Exception):
    """Why the care team stays as it is; the message is for the page."""


@transaction.atomic
def join_team(*, client: Client, user: User, by: User, now: datetime, tell: bool = True) -> CareTeamMember:
    """Return the member who now belongs to the client's care team. Joining twice changes nothing.

    `tell` False: the client is only being added, there is nobody to tell.
    Raises CannotChangeTeam for whoever isn't a therapist of the practice now.
    """
    with scope(practice=client.practice_id):
        if not therapists_of(client.practice).filter(pk=user.pk).exists():
            raise CannotChangeTeam(_("Only a therapist of this practice can join a care team."))
        member, is_new = CareTeamMember.objects.get_or_create(
            practice_id=client.practice_id, client=client, user=user, until=None, defaults={"since": now}
        )
        if is_new:
            _announce(client, user, by, now, joined=True, tell=tell)
    return member


@transaction.atomic
def leave_team(*, client: Client, user: User, by: User, now: datetime) -> None:
    """End a membership of the care team. Locks the client. Raises CannotChangeTeam for the primary therapist."""
    with scope(practice=client.practice_id):
        if Client.objects.locked().get(pk=client.pk).therapist_id == user.pk:
            raise CannotChangeTeam(_("Name another primary therapist first."))
        _leave(client, user, by, now, tell=True)


def _leave(client: Client, user: User, by: User, now: datetime, *, tell: bool) -> None:
    member = CareTeamMember.objects.select_for_update().filter(client=client, user=user, until__isnull=True).first()
    if member is not None:
        member.until = now
        member.save(update_fields=["until"])
        _announce(client, user, by, now, joined=False, tell=tell)


@transaction.atomic
def hand_over(*, client: Client, to: User, by: User, now: datetime, keep: bool = True) -> Client:
    """Return the client with another primary therapist, who joins the care team; `keep`: the former stays on it.

    In the same transaction what waits moves along: appointments ahead are the new therapist's, who is asked about
    what nobody has acknowledged; held messages of who leaves are theirs to send or drop. Client, new and former
    therapist are told. Locks the client. Raises CannotChangeTeam.
    """
    with scope(practice=client.practice_id):
        rows = Client.objects.locked().select_related("therapist", "user", "practice")
        client = rows.get(pk=client.pk)
        former = client.therapist
        if to.pk == former.pk:
            return client
        if not therapists_of(client.practice).filter(pk=to.pk).exists():
            raise CannotChangeTeam(_("Only a therapist of this practice can take over."))
        join_team(client=client, user=to, by=by, now=now, tell=False)
        client.therapist, client.therapist_since = to, now
        client.save(update_fields=["therapist", "therapist_since"])
        _appointments_ahead(client, former, now).update(therapist=to)
        record(
            "client_handed_over",
            practice_id=client.practice_id,
            by=by,
            now=now,
            client_id=client.pk,
            former=former.pk,
            to=to.pk,
            keep=keep,
        )
        if not keep:
            _leave(client, former, by, now, tell=False)
        client_handed_over.send(Client, client=client, former=former, to=to, keep=keep, by=by, now=now)
    return client


def _appointments_ahead(client: Client, therapist: User, now: datetime) -> Any:
    return Appointment.objects.filter(
        client=client, therapist=therapist, status=AppointmentStatus.PLANNED, starts_at__gte=now
    )


@transaction.atomic
def leave_all(*, user: User, practice_id: int, by: User | None, now: datetime) -> int:
    """Return how many care teams someone was taken off who no longer works here. Locks their rows in order."""
    with scope(practice=practice_id):
        rows = CareTeamMember.objects.select_for_update(of=("self",)).filter(user=user, until__isnull=True)
        members = list(rows.select_related("client__user", "client__therapist").order_by("pk"))
        for member in members:
            member.until = now
            member.save(update_fields=["until"])
            _announce(member.client, user, by, now, joined=False, tell=True)
    return len(members)


def _announce(client: Client, user: User, by: User | None, now: datetime, *, joined: bool, tell: bool) -> None:
    record(
        "care_team_changed",
        practice_id=client.practice_id,
        by=by,
        now=now,
        client_id=client.pk,
        user=user.pk,
        joined=joined,
    )
    care_team_changed.send(CareTeamMember, client=client, user=user, joined=joined, by=by, now=now, tell=tell)
