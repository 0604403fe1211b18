"""Filling in an assignment, a page at a time. The same pages at both doors: a therapist fills in forms too."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from homework.access import assignment_to_fill
from homework.blocks import BLOCK_TYPES, BadAnswer
from homework.domain.answering import (
    CannotAnswer,
    answers_of,
    open_assignment,
    refusal,
    save_answer,
    submit,
    turn_page,
)
from homework.domain.commenting import see_comments
from homework.forms.page import posted_answers
from homework.models import Assignment, AssignmentStatus
from homework.queries.runner import RunnerPage, read_through, response_of, runner_page
from practice.permissions.doors import desk, portal


def _start(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_to_fill(request.seat, pk)
    if assignment.status == AssignmentStatus.DONE:
        return _done(request, pk)
    open_assignment(assignment=assignment, by=request.user, now=timezone.now())
    response = response_of(assignment)
    return redirect(_here(request, "page"), pk=pk, number=max(1, response.page if response else 1))


def _page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    assignment = assignment_to_fill(request.seat, pk)
    if assignment.status == AssignmentStatus.DONE:
        return redirect(_here(request, "start"), pk=pk)
    page = runner_page(assignment, number, answers_of(response_of(assignment)))
    if request.method == "POST":
        return _post(request, assignment, page)
    open_assignment(assignment=assignment, by=request.user, now=timezone.now())
    return _render(request, page)


def _post(request: HttpRequest, assignment: Assignment, page: RunnerPage) -> HttpResponse:
    """Save what the page holds, then go where the button says; with a problem stay, and keep every word."""
    if _save(request, assignment, page):
        return _render(request, page, status=409)
    way = request.POST.get("go", "next")
    now = timezone.now()
    if way == "send" and page.is_last:
        try:
            submit(assignment=assignment, page=page.number, by=request.user, now=now)
        except CannotAnswer as reason:
            messages.error(request, str(reason))
            return _render(request, page, status=409)
        return redirect(_here(request, "done"), pk=assignment.pk)
    number = page.number + {"back": -1, "next": 1}.get(way, 0)
    turn_page(assignment=assignment, page=max(1, min(number, page.count)), by=request.user, now=now)
    if way == "later":
        messages.success(request, _("Saved. You can go on whenever you like."))
        return redirect(_home(request))
    return redirect(_here(request, "page"), pk=assignment.pk, number=max(1, min(number, page.count)))


def _save(request: HttpRequest, assignment: Assignment, page: RunnerPage) -> bool:
    """Save each posted answer; return whether something on the page needs a look."""
    views = {view.name: view for view in page.blocks}
    trouble = False
    for posted in posted_answers(page, request.POST):
        view = views[posted.block]
        try:
            saved = save_answer(
                assignment=assignment,
                block_id=posted.block,
                value=posted.value,
                rev=posted.rev,
                save_uuid=posted.save_uuid,
                by=request.user,
                now=timezone.now(),
            )
        except BadAnswer as problem:
            view.value, view.error, trouble = posted.value, str(problem), True
            continue
        if saved.closed:
            messages.error(request, str(saved.closed))
        elif saved.conflict:
            view.other = (
                BLOCK_TYPES[view.block["type"]].summary(view.block, saved.value) if saved.value else _("(empty)")
            )
        view.value, view.rev = posted.value, saved.rev
        trouble = trouble or saved.conflict or saved.closed is not None
    return trouble


def _done(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_to_fill(request.seat, pk)
    if assignment.status != AssignmentStatus.DONE:
        return redirect(_here(request, "start"), pk=pk)
    response = response_of(assignment)
    assert response is not None  # noqa: S101 - DONE is only reached by sending a response
    context = {
        "assignment": assignment,
        "response": response,
        "pages": read_through(assignment, response),
        "whole": [made for made in response.comments.all() if not made.block],
    }
    see_comments(response=response, now=timezone.now())
    return render(request, f"homework/{request.seat.door}/done.html", context)


def _render(request: HttpRequest, page: RunnerPage, status: int = 200) -> HttpResponse:
    door = request.seat.door
    context = {"page": page, "closed": refusal(page.assignment, timezone.now()), "home": _home(request)}
    return render(request, f"homework/{door}/page.html", context, status=status)


def _here(request: HttpRequest, act: str) -> str:
    return f"homework:{request.seat.door}-fill-{act}"


def _home(request: HttpRequest) -> str:
    return "/desk/" if request.seat.door == "desk" else "/"


_methods = require_http_methods(["GET", "POST"])
portal_start, desk_start = require_GET(portal(_start)), require_GET(desk(_start))
portal_page, desk_page = _methods(portal(_page)), _methods(desk(_page))
portal_done, desk_done = require_GET(portal(_done)), require_GET(desk(_done))
