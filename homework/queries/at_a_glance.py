"""Homework at a glance, for pages of other rooms: a column of the caseload, a card of a client's overview."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clients.models import Client
from homework.models import Assignment, AssignmentStatus, Enrolment, EnrolmentStatus, Origin
from homework.models.assignment import OPEN_STATES
from practice.pages.links import address_of
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled

S = AssignmentStatus
LOOKED_BACK = timedelta(weeks=4)
SHOWN, AT_MOST = 3, 20
NOTHING_SENT = {"all": 0, "done": 0}
ON_NO_PATHWAY = {"title": "", "status": ""}


class Glance(TypedDict):
    """What a client did of what was sent in four weeks, "3" and "of 4" in words, and the pathway they are on.

    `url` leads to their homework.
    """

    done: int
    sent: int
    done_in_words: str
    sent_in_words: str
    url: str
    pathway: str
    paused: bool


def glances(seat: Seat, clients: list[Client], now: datetime) -> Mapping[int, Glance]:
    """Return one page of clients at a glance, by client id. One query. Forms after a session don't count."""
    return {
        pk: _glance(pk, sent or NOTHING_SENT, newest or ON_NO_PATHWAY)
        for pk, sent, newest in GLANCES.of([client.pk for client in clients], now - LOOKED_BACK, now)
    }


def _glance(client_id: int, sent: dict[str, int], newest: dict[str, str]) -> Glance:
    return {
        "done": sent["done"],
        "sent": sent["all"],
        "done_in_words": str(sent["done"]),
        "sent_in_words": _("of %(sent)s") % {"sent": sent["all"]},
        "url": address_of("homework:client-homework", client_id=client_id),
        "pathway": newest["title"],
        "paused": newest["status"] == EnrolmentStatus.PAUSED,
    }


def _with_what_they_did(clients: list[int], since: datetime, now: datetime) -> Any:
    of_client = Assignment.objects.filter(
        client=OuterRef("pk"), rater="client", sent_at__gte=since, sent_at__lte=now
    ).exclude(status=S.WITHDRAWN)
    homework = of_client.exclude(activity_version__activity__origin=Origin.SYSTEM).order_by().values("client")
    on_it = Enrolment.objects.filter(client=OuterRef("pk"), single=False).exclude(status=EnrolmentStatus.ENDED)
    newest = on_it.order_by("-created_at")
    counted = JSONObject(all=Count("pk"), done=Count("pk", filter=Q(status=S.DONE)))
    named = JSONObject(title="pathway_version__title", status="status")
    return Client.objects.filter(pk__in=clients).values_list(
        "pk", Subquery(homework.values_list(counted)), Subquery(newest.values_list(named)[:1])
    )


def overview_card(request: HttpRequest, client: Client, now: datetime) -> Mapping[str, Any]:
    """Return what is open and what comes next for a client. One query."""
    found = AT_HAND.of(client)
    return {
        "client": client,
        "open": [one for one in found if one.status in OPEN_STATES][-SHOWN:],
        "ahead": [one for one in found if one.status == S.SCHEDULED][:SHOWN],
    }


GLANCES: Compiled[Any] = Compiled(_with_what_they_did)
AT_HAND: Compiled[Assignment] = Compiled(
    lambda client: (
        Assignment.objects.filter(client=client, rater="client", status__in=(*OPEN_STATES, S.SCHEDULED))
        .select_related("activity_version")
        .defer("activity_version__content", "activity_version__about")
        .order_by("send_at", "pk")[:AT_MOST]
    )
)
