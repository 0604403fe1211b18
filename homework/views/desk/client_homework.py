"""The Homework tab of a client, and the acts that steer it, each shown before it is done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from clients.access import client_for
from clients.domain.recording import note_opening
from clients.queries.client_frame import client_frame
from homework.access import assignment_to_steer, enrolment_to_steer
from homework.domain import steering
from homework.domain.steering import CannotSteer
from homework.domain.trying import tried
from homework.forms.sending import LocalTimeForm
from homework.models import Assignment, Enrolment
from homework.queries.client_homework import changes, homework_of
from practice import clock
from practice.permissions.doors import desk
from practice.permissions.opening import is_opening

ASSIGNMENT_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "send-now": (
        gettext_lazy("Send now"),
        gettext_lazy("It goes out within seconds."),
        gettext_lazy("It goes out now."),
    ),
    "skip": (gettext_lazy("Skip"), gettext_lazy("It is left out; what follows goes on."), gettext_lazy("Left out.")),
    "withdraw": (
        gettext_lazy("Withdraw"),
        gettext_lazy("It disappears from the client's page. The record keeps that it was sent."),
        gettext_lazy("Withdrawn."),
    ),
}
ENROLMENT_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "pause": (
        gettext_lazy("Pause"),
        gettext_lazy("Nothing is sent until you resume. What was sent stays open."),
        gettext_lazy("Paused. Nothing is sent until you resume."),
    ),
    "resume": (
        gettext_lazy("Resume"),
        gettext_lazy("It goes on. What lay ahead moves by the length of the pause."),
        gettext_lazy("It goes on."),
    ),
    "end": (
        gettext_lazy("End"),
        gettext_lazy("Nothing more is sent. What was sent stays open."),
        gettext_lazy("Ended. What was sent stays open."),
    ),
}


@require_GET
@desk
def tab(request: HttpRequest, client_id: int) -> HttpResponse:
    """What was sent, what is open, what comes."""
    client, now = client_for(request.seat, client_id), timezone.now()
    note_opening(client=client, by=request.user, now=now, verb="homework.list_opened", anew=is_opening(request))
    frame = client_frame(request.seat, client, tab="homework", now=now)
    return render(request, "homework/desk/client_homework.html", frame | {"homework": homework_of(client)})


@require_http_methods(["GET", "POST"])
@desk
def steer_assignment(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Send now, skip or withdraw: shown on GET, done on POST."""
    one = assignment_to_steer(request.seat, pk)
    verbs: dict[str, Callable[..., Any]] = {
        "send-now": steering.send_now,
        "skip": steering.skip,
        "withdraw": steering.withdraw,
    }
    words = ASSIGNMENT_ACTS.get(act)
    if words is None:
        raise Http404
    return _steer(
        request,
        one.enrolment,
        words,
        lambda now: verbs[act](assignment=one, by=request.user, now=now),
        subject=one.activity_version.title,
        gone=one.pk if act == "skip" else None,
    )


@require_http_methods(["GET", "POST"])
@desk
def steer_enrolment(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Pause, resume or end a pathway: shown on GET, done on POST."""
    row = enrolment_to_steer(request.seat, pk)
    verbs: dict[str, Callable[..., Any]] = {"pause": steering.pause, "resume": steering.resume, "end": steering.end}
    words = ENROLMENT_ACTS.get(act)
    if words is None:
        raise Http404
    return _steer(
        request,
        row,
        words,
        lambda now: verbs[act](enrolment=row, by=request.user, now=now),
        subject=row.pathway_version.title,
    )


@require_http_methods(["GET", "POST"])
@desk
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or move one date: the form shows what else moves before it is done."""
    one = assignment_to_steer(request.seat, pk)
    now = timezone.now()
    asked = request.POST or (request.GET if "date" in request.GET else None)
    form = LocalTimeForm(asked, initial=_starting(one, now))
    rows: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            told = _moved(one, form.at_local(), request, now, for_good="do" in request.POST)
        except CannotSteer as reason:
            form.add_error("date", str(reason))
        else:
            if "do" in request.POST:
                messages.success(request, _("The date is set."))
                return redirect("homework:client-homework", client_id=one.client_id)
            rows = changes(one.enrolment, told.rows)
    context = {"one": one, "client": one.client, "form": form, "changes": rows}
    return render(request, "homework/desk/move.html", context, status=400 if form.errors else 200)


def _moved(one: Assignment, at: datetime, request: HttpRequest, now: datetime, *, for_good: bool) -> Any:
    def act() -> Any:
        return steering.move(assignment=one, at_local=at, by=request.user, now=now)

    return act() if for_good else tried(act)


def _steer(
    request: HttpRequest,
    enrolment: Enrolment,
    words: tuple[Any, Any, Any],
    act: Callable[[datetime], Any],
    *,
    subject: str,
    gone: int | None = None,
) -> HttpResponse:
    now = timezone.now()
    back = redirect("homework:client-homework", client_id=enrolment.client_id)
    try:
        told = act(now) if request.method == "POST" else tried(lambda: act(now))
    except CannotSteer as reason:
        messages.error(request, str(reason))
        return back
    if request.method == "POST":
        messages.success(request, words[2])
        return back
    rows = changes(enrolment, list(getattr(told, "rows", [])), gone=gone)
    context = {"words": words, "subject": subject, "client": enrolment.client, "changes": rows}
    return render(request, "homework/desk/steer.html", context)


def _starting(one: Assignment, now: datetime) -> dict[str, Any]:
    at = one.local_at or clock.local(now + timedelta(days=1), one.tz).replace(hour=9, minute=0)
    return {"date": at.date(), "time": at.time()}
