"""Answers to review: read in place, reply, next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homework.access import response_to_review
from homework.domain.commenting import CannotComment, comment, mark_reviewed
from homework.domain.reading import open_response
from homework.models import Response
from homework.queries.review import ANSWERED, WAITING, neighbours, queue
from homework.queries.runner import read_through
from practice.permissions.doors import desk
from practice.permissions.opening import is_opening


@require_GET
@desk
def show(request: HttpRequest) -> HttpResponse:
    """Show the queue; nothing is opened, and so nothing is written to the trail, before someone chooses."""
    return render(request, "homework/desk/review.html", {"queue": _queue(request)})


@require_GET
@desk
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one response beside the queue."""
    chosen = response_to_review(request.seat, pk)
    return render(request, "homework/desk/review.html", _context(request, chosen))


@require_POST
@desk
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a comment on one answer or on all of it; a refusal keeps it on the page."""
    chosen = response_to_review(request.seat, pk)
    body, block = request.POST.get("body", ""), request.POST.get("block", "")
    after = _after(request, chosen)
    try:
        comment(response=chosen, body=body, block=block, by=request.user, now=timezone.now())
    except CannotComment as reason:
        context = _context(request, chosen) | {"refused": str(reason), "refused_block": block, "body": body}
        return render(request, "homework/desk/review.html", context, status=422)
    messages.success(request, _("Sent to %(name)s.") % {"name": chosen.client.called})
    return after


@require_POST
@desk
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a response as read without a word, and go on."""
    chosen = response_to_review(request.seat, pk)
    after = _after(request, chosen)
    mark_reviewed(response=chosen, by=request.user, now=timezone.now())
    return after


def _after(request: HttpRequest, chosen: Response) -> HttpResponse:
    if request.POST.get("go") != "next":
        return redirect("homework:desk-response", pk=chosen.pk)
    newer, older = neighbours(request.user, chosen)
    following = older or newer
    return redirect("homework:desk-response", pk=following) if following else redirect("homework:desk-review")


def _queue(request: HttpRequest) -> Any:
    wanted = ANSWERED if request.GET.get("show") == ANSWERED else WAITING
    return queue(request.user, show=wanted, page=request.GET.get("page"))


def _context(request: HttpRequest, chosen: Response) -> dict[str, Any]:
    """What shows these answers; that they are shown is written down."""
    open_response(response=chosen, by=request.user, now=timezone.now(), anew=is_opening(request))  # type: ignore[arg-type]
    newer, older = neighbours(request.user, chosen)
    return {
        "queue": _queue(request),
        "response": chosen,
        "assignment": chosen.assignment,
        "client": chosen.client,
        "pages": read_through(chosen.assignment, chosen),
        "whole": [made for made in chosen.comments.all() if not made.block],
        "newer": newer,
        "older": older,
    }
