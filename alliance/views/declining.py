"""Declining a form, at both doors: a question first, then the deed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.access import rating_to_give
from alliance.domain.declining import decline
from homework.domain.answering import CannotAnswer
from practice.permissions.doors import desk, portal


def _decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to leave the form out; on POST leave it out."""
    seat = request.seat  # type: ignore[attr-defined]
    rating = rating_to_give(seat, pk)
    if request.method == "GET":
        return render(request, f"alliance/{seat.door}/decline.html", {"rating": rating})
    try:
        decline(rating=rating, by=request.user, now=timezone.now())
    except CannotAnswer as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("That is fine. Nothing was sent."))
    return redirect("/desk/" if seat.door == "desk" else "/")


_methods = require_http_methods(["GET", "POST"])
portal_decline, desk_decline = _methods(portal(_decline)), _methods(desk(_decline))
