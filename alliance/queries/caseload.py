"""What the caseload and the Today pages show of this room, each in one query."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from alliance.instruments.structure import instrument
from alliance.models import Rating, RatingStatus
from alliance.queries.blind import visible_to
from alliance.queries.courses import CLIENT, RATERS, THERAPIST, shown_scores
from alliance.queries.pictures import line_of
from alliance.signals.words import shown
from clients.models import Client
from homework.models import AssignmentStatus
from practice.pages.charts import Spark, sparkline
from practice.people.models import User
from practice.tenancy.compiled import Compiled
from practice.vault import warm

POINTS = 8
SHOWN = 6  # forms that wait, on the desk's Today
WINDOW = timedelta(days=140)
OPEN = (AssignmentStatus.SENT, AssignmentStatus.OPENED, AssignmentStatus.STARTED)


def sparks(clients: list[Client], now: datetime) -> Mapping[int, Spark | None]:
    """Return by client id a small line of both raters on the client's first alliance form, newest ratings only."""
    wanted = {client.pk: _first_alliance_form(client) for client in clients}
    rows: dict[int, list[Rating]] = {pk: [] for pk in wanted}
    found = LATELY.of(list(wanted), now - WINDOW)
    for rating in found:
        if rating.instrument == wanted[rating.client_id]:
            rows[rating.client_id].append(rating)
    warm({("client", rating.client_id) for rating in found})
    return {client.pk: _spark(client, wanted[client.pk], rows[client.pk]) for client in clients}


def own_forms(user: User) -> list[Rating]:
    """Return the forms that wait for this member of staff, oldest first, six at most."""
    return WAITING.of(user)


LATELY: Compiled[Rating] = Compiled(
    lambda clients, since: (
        Rating.objects.filter(client__in=clients, asked_at__gt=since)
        .select_related("assignment")
        .order_by("asked_at", "id")
    )
)
WAITING: Compiled[Rating] = Compiled(
    lambda user: (
        Rating.objects.filter(rated_by=user, rater=THERAPIST, status=RatingStatus.ASKED, assignment__status__in=OPEN)
        .select_related("client", "assignment__activity_version")
        .order_by("asked_at")[:SHOWN]
    )
)


def _first_alliance_form(client: Client) -> str:
    """The first alliance form on the client's list; the check-in for a client without any."""
    for name in client.forms:
        if instrument(name).is_alliance:
            return str(name)
    return "check-in"


def _spark(client: Client, name: str, ratings: list[Rating]) -> Spark | None:
    form = instrument(name)
    score = shown_scores(form)[0]
    given = [rating for rating in visible_to(THERAPIST, ratings) if rating.status == RatingStatus.GIVEN]
    series, spoken = [], []
    for rater in RATERS:
        values = [_value(rating, score) for rating in given if rating.rater == rater][-POINTS:]
        known = [value for value in values if value is not None]
        if known:
            who = client.called if rater == CLIENT else _("therapist")
            series.append(line_of(rater, who, values))
            spoken.append(
                _("%(who)s: %(first)s to %(last)s") % {"who": who, "first": shown(known[0]), "last": shown(known[-1])}
            )
    if not series:
        return None
    low, high = (float(end) for end in form.score_range(score))
    return sparkline(series=series, y_range=(low, high), label=", ".join(spoken), rtl=get_language_bidi())


def _value(rating: Rating, score: str) -> float | None:
    value: Any = (rating.scores or {}).get("scores", {}).get(score)
    return None if value is None else float(value)
