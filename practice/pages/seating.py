"""Where do you want to sit? For people with a place in more than one practice, or as staff here and a client there."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from practice.permissions.seats import DESK, SEATS_KEY, SESSION_KEY, Place, places_of


@require_http_methods(["GET", "POST"])
@login_required
def seats(request: HttpRequest) -> HttpResponse:
    """Show the person's own seats; on POST take one."""
    places = places_of(request.user)  # type: ignore[arg-type]
    if not places:
        raise Http404
    request.session[SEATS_KEY] = len(places)
    if request.method == "POST":
        chosen = _chosen(request, places)
        if chosen is None:
            return redirect("pages:seats")
        request.session[SESSION_KEY] = chosen.practice.pk
        return redirect("/desk/" if chosen.door == DESK else "/")
    with translation.override(request.user.language):  # type: ignore[union-attr]
        return render(request, "practice/seats.html", {"places": places, "now": request.session.get(SESSION_KEY)})


def _chosen(request: HttpRequest, places: list[Place]) -> Place | None:
    """Return the chosen seat if it is one of theirs."""
    wanted = (request.POST.get("practice"), request.POST.get("door"))
    for place in places:
        if (str(place.practice.pk), place.door) == wanted:
            return place
    return None
