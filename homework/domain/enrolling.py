"""Puts clients on pathways, and sends one activity by the same means: a system-made pathway of one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.domain.reaching import recompute_channels
from clients.models import Client, ClientStatus
from homework import events
from homework.domain.planning import Plan, materialise
from homework.domain.timing import Planned, Step, Waiting, parse_steps
from homework.models import ActivityVersion, Enrolment, Origin, Pathway, PathwayVersion
from practice import clock
from practice.audit import record
from practice.notifications.channelling import ensure_channels
from practice.people.models import User
from practice.tenancy import scope

ONE_STEP: Final = "send"


class CannotEnrol(Exception):
    """The client can't be put on the pathway; the message says why, for the therapist."""


@dataclass(frozen=True)
class Preview:
    """What an enrolment would do, in the client's zone."""

    tz: str
    rows: Sequence[Planned | Waiting]


def preview_enrolment(
    *, client: Client, pathway_version: PathwayVersion, start_local: datetime, tz: str = ""
) -> Preview:
    """The dates an enrolment would have. Writes nothing. Raises TimingError."""
    return preview_steps(steps=parse_steps(pathway_version.steps), start_local=start_local, tz=tz or client.zone)


def preview_steps(*, steps: Sequence[Step], start_local: datetime, tz: str) -> Preview:
    """The dates of steps that may not be published yet, by the planner everything else uses. Raises TimingError."""
    zone = clock.canonical_zone(tz)
    plan = Plan(steps=steps, start=start_local, tz=zone)
    return Preview(tz=zone, rows=plan.dated(now=clock.resolve(start_local, zone)))


@transaction.atomic
def enrol(
    *,
    client: Client,
    pathway_version: PathwayVersion,
    start_local: datetime,
    tz: str,
    by: User | None,
    now: datetime,
    recipient: User | None = None,
    rater: str = "client",
) -> Enrolment:
    """The enrolment, planned. What is due leaves with the engine's next tick.

    Until the client consented to treatment everything is held, and planned anew from then. Locks the client.
    Raises CannotEnrol for an archived client, CannotPlan for an unpublished activity, TimingError.
    """
    with scope(practice=client.practice_id):
        return _enrol(
            client=client,
            pathway_version=pathway_version,
            start_local=start_local,
            tz=clock.canonical_zone(tz or client.zone),
            by=by,
            now=now,
            recipient=recipient,
            rater=rater,
            single=False,
        )


@transaction.atomic
def send_activity(
    *,
    clients: Sequence[Client],
    activity_version: ActivityVersion,
    at_local: datetime | None,
    by: User | None,
    now: datetime,
    recipient: User | None = None,
    rater: str = "client",
) -> list[Enrolment]:
    """One enrolment a client, each in a pathway of this one activity, now or at a local time of the client's.

    `recipient` and `rater` are for forms about the client that someone else fills in. Raises CannotEnrol.
    """
    with scope(practice=activity_version.practice_id):
        pathway_version = _pathway_of_one(activity_version, by=by, now=now)
        return [
            _enrol(
                client=client,
                pathway_version=pathway_version,
                start_local=at_local or clock.local(now, client.zone),
                tz=client.zone,
                by=by,
                now=now,
                recipient=recipient,
                rater=rater,
                single=True,
            )
            for client in sorted(clients, key=lambda client: client.pk)  # locked in one order
        ]


def _enrol(
    *,
    client: Client,
    start_local: datetime,
    tz: str,
    by: User | None,
    now: datetime,
    recipient: User | None,
    **fields: Any,
) -> Enrolment:
    known = Client.objects.locked().only("status").get(pk=client.pk)
    if {client.status, known.status} != {ClientStatus.ACTIVE}:  # perhaps archived meanwhile
        raise CannotEnrol(_("%(name)s is archived. Nothing can be sent.") % {"name": client.called})
    if (clock.local(now, tz) - start_local).days >= 1:
        raise CannotEnrol(_("The start lies in the past. Choose today or a later day."))
    enrolment: Enrolment = Enrolment.objects.create(
        practice_id=client.practice_id,
        client=client,
        recipient=recipient or client.user,
        tz=tz,
        start_local=start_local,
        created_by=by,
        created_at=now,
        **fields,
    )
    recompute_channels(client=client)
    ensure_channels([enrolment.recipient_id])
    materialise(enrolment=enrolment, now=now)
    if enrolment.start_local <= clock.local(now, tz):
        events.due_now.send(sender=Enrolment, now=now)
    record("homework.enrolled", practice_id=client.practice_id, by=by, now=now, client_id=client.pk, subject=enrolment)
    return enrolment


def _pathway_of_one(version: ActivityVersion, *, by: User | None, now: datetime) -> PathwayVersion:
    """The system's pathway that sends just this version; made at its first use."""
    pathway, _made = Pathway.objects.get_or_create(
        practice_id=version.practice_id,
        key=f"one-{version.activity_id}",
        defaults={"title": version.title, "origin": Origin.SYSTEM, "created_by": by, "created_at": now},
    )
    step = {
        "key": ONE_STEP,
        "activity": version.activity.slug,
        "version": version.pk,
        "timing": {"kind": "interval", "days": 0},
    }
    made, _new = PathwayVersion.objects.get_or_create(
        practice_id=version.practice_id,
        pathway=pathway,
        number=version.number,
        defaults={"title": version.title, "steps": [step], "published_by": by, "published_at": now},
    )
    return made  # type: ignore[no-any-return]
