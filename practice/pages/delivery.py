"""How delivery goes, for admins: lanes, what became of what was sent, what was given up. No therapy content."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from practice.accounts.access import as_admin
from practice.contributions.lanes import LANE_SOURCES, LaneFigures
from practice.notifications import judging, retrying
from practice.notifications.access import given_up_for
from practice.notifications.kinds import kind_by_number
from practice.notifications.models import EngineLane, Notification
from practice.notifications.tallying import DAY, given_up, tally
from practice.pages.setting_up import practice_tabs
from practice.permissions.doors import desk

A_PAGE = 50


@dataclass(frozen=True)
class LaneLine:
    """One lane on the page."""

    label: Any
    tone: str
    state: str
    reason: str
    figures: LaneFigures
    oldest_for: timedelta | None


def lane_lines(*, practice_id: int, now: datetime) -> list[LaneLine]:
    """Return how each lane stands for this practice. One query, and one a lane."""
    lanes = {lane.name: lane for lane in EngineLane.objects.all()}
    lines = []
    for name, source in LANE_SOURCES.items():
        figures = source.figures(practice_id, now, now - DAY)
        tone, state, reason = _state(lanes.get(name), now)
        oldest_for = now - figures.oldest if figures.oldest else None
        lines.append(LaneLine(source.label, tone, state, reason, figures, oldest_for))
    return lines


def _state(lane: EngineLane | None, now: datetime) -> tuple[str, str, str]:
    if lane is None or lane.last_tick_at is None:
        return "honey", _("never ran"), ""
    if lane.hold:
        return "honey", _("on hold"), lane.hold_reason
    if judging.is_silent(lane, now):
        return "clay", _("silent"), _("Tell whoever runs your Rapport to start its worker.")
    if judging.is_resting(lane, now):
        return "honey", _("resting"), _("The provider takes nothing right now. It is tried again by itself.")
    if judging.is_stuck(lane, now):
        return "clay", _("late"), _("Tell whoever runs your Rapport: something due is waiting.")
    return "teal", _("runs"), ""


@dataclass(frozen=True)
class GivenUp:
    """One notification that will not be tried again."""

    row: Notification
    kind: Any
    may_retry: bool


def given_up_page(number: Any) -> "Page[GivenUp]":
    """Return a page of what was given up, in the open scope. Two queries."""
    page: Any = Paginator(given_up(), A_PAGE).get_page(number)
    page.object_list = [
        GivenUp(row, kind_by_number(row.kind)[1].label, retrying.may_retry(row)) for row in page.object_list
    ]
    return page  # type: ignore[no-any-return]


@require_GET
@desk
def delivery(request: HttpRequest) -> HttpResponse:
    """Show how delivery goes."""
    seat, now = as_admin(request.seat), timezone.now()  # type: ignore[attr-defined]
    practice_id = seat.practice.pk
    return render(
        request,
        "practice/delivery.html",
        {
            "tabs": practice_tabs("delivery"),
            "lanes": lane_lines(practice_id=practice_id, now=now),
            "tallies": tally(practice_id=practice_id, now=now),
            "page": given_up_page(request.GET.get("page")),
        },
    )


@require_POST
@desk
def try_again(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Try one again."""
    row = given_up_for(request.seat, notification_id)  # type: ignore[attr-defined]
    try:
        retrying.try_again(notification=row, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except retrying.CannotRetry:
        messages.error(request, _("This one can't be tried again."))
    else:
        messages.success(request, _("It is tried again now."))
    return redirect("pages:delivery")


@require_POST
@desk
def discard(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Leave one at that."""
    row = given_up_for(request.seat, notification_id)  # type: ignore[attr-defined]
    try:
        retrying.discard(notification=row, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except retrying.CannotRetry:
        messages.error(request, _("Someone else was quicker."))
    else:
        messages.success(request, _("Discarded. It stays in the log."))
    return redirect("pages:delivery")
