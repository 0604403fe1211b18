"""Who works with a client: joining and leaving the care team. Both sides are told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.events import care_team_changed
from clients.models import CareTeamMember, Client
from practice.audit import record
from practice.people.models import Membership, User
from practice.tenancy import scope


class CannotChangeTeam(Exception):
    """Why the care team stays as it is; the message is for the page."""


@transaction.atomic
def join_team(*, client: Client, user: User, by: User, now: datetime, tell: bool = True) -> CareTeamMember:
    """Return the member who now belongs to the client's care team. Joining twice changes nothing.

    `tell` False: the client is only being added, there is nobody to tell. Raises CannotChangeTeam for an outsider.
    """
    with scope(practice=client.practice_id):
        if not Membership.objects.filter(practice_id=client.practice_id, user=user, is_active=True).exists():
            raise CannotChangeTeam(_("Only staff of this practice can join a care team."))
        member, is_new = CareTeamMember.objects.get_or_create(
            practice_id=client.practice_id, client=client, user=user, until=None, defaults={"since": now}
        )
        if is_new:
            _announce(client, user, by, now, joined=True, tell=tell)
    return member


@transaction.atomic
def leave_team(*, client: Client, user: User, by: User, now: datetime) -> None:
    """End a membership of the care team. Raises CannotChangeTeam for the primary therapist."""
    with scope(practice=client.practice_id):
        if client.therapist_id == user.pk:
            raise CannotChangeTeam(_("Name another primary therapist first."))
        member = CareTeamMember.objects.select_for_update().filter(client=client, user=user, until__isnull=True).first()
        if member is None:
            return
        member.until = now
        member.save(update_fields=["until"])
        _announce(client, user, by, now, joined=False, tell=True)


@transaction.atomic
def hand_over(*, client: Client, to: User, by: User, now: datetime) -> Client:
    """Return the client with another primary therapist, who joins the care team. The former one stays on it."""
    with scope(practice=client.practice_id):
        join_team(client=client, user=to, by=by, now=now)
        client.therapist = to
        client.save(update_fields=["therapist"])
        record("client_changed", practice_id=client.practice_id, by=by, now=now, client_id=client.pk, what="therapist")
    return client


def _announce(client: Client, user: User, by: User, now: datetime, *, joined: bool, tell: bool) -> None:
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
