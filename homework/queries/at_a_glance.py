"""Homework at a glance, for pages of other rooms: a column of the caseload, a card of a client's overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from clients.models import Client
from homework.models import Assignment, AssignmentStatus, Enrolment, EnrolmentStatus, Origin
from homework.models.assignment import OPEN_STATES
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled

S = AssignmentStatus
LOOKED_BACK = timedelta(weeks=4)
SHOWN, AT_MOST = 3, 20


@dataclass(frozen=True)
class Glance:
    """What a client did of what was sent in four weeks, and the pathway they are on."""

    done: int
    sent: int
    pathway: str
    paused: bool


def glances(seat: Seat, clients: list[Client], now: datetime) -> Mapping[int, Glance]:
    """Return one page of clients at a glance, by client id. One query. Forms after a session don't count."""
    return {
        row.pk: Glance(
            row.done_lately, row.sent_lately, row.on_pathway or "", row.pathway_status == EnrolmentStatus.PAUSED
        )
        for row in GLANCES.of([client.pk for client in clients], now - LOOKED_BACK, now)
    }


def _with_what_they_did(clients: list[int], since: datetime, now: datetime) -> Any:
    of_client = Assignment.objects.filter(
        client=OuterRef("pk"), rater="client", sent_at__gte=since, sent_at__lte=now
    ).exclude(status=S.WITHDRAWN)
    homework = of_client.exclude(activity_version__activity__origin=Origin.SYSTEM).order_by().values("client")
    on_it = Enrolment.objects.filter(client=OuterRef("pk"), single=False).exclude(status=EnrolmentStatus.ENDED)
    newest = on_it.order_by("-created_at")
    return Client.objects.filter(pk__in=clients).annotate(
        sent_lately=_counted(homework.annotate(n=Count("pk"))),
        done_lately=_counted(homework.annotate(n=Count("pk", filter=Q(status=S.DONE)))),
        on_pathway=Subquery(newest.values("pathway_version__title")[:1]),
        pathway_status=Subquery(newest.values("status")[:1]),
    )


def overview_card(request: HttpRequest, client: Client, now: datetime) -> Mapping[str, Any]:
    """Return what is open and what comes next for a client. One query."""
    found = AT_HAND.of(client)
    return {
        "client": client,
        "open": [one for one in found if one.status in OPEN_STATES][-SHOWN:],
        "ahead": [one for one in found if one.status == S.SCHEDULED][:SHOWN],
    }


def _counted(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


GLANCES: Compiled[Any] = Compiled(_with_what_they_did)
AT_HAND: Compiled[Assignment] = Compiled(
    lambda client: (
        Assignment.objects.filter(client=client, rater="client", status__in=(*OPEN_STATES, S.SCHEDULED))
        .select_related("activity_version")
        .defer("activity_version__content", "activity_version__about")
        .order_by("send_at", "pk")[:AT_MOST]
    )
)
