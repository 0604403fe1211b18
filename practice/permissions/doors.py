"""Decorators for views: who stands at which door. Nobody at the door is sent to sign in; a stranger gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from practice.permissions.seats import DESK, PORTAL, has_desk

View = Callable[..., HttpResponse]


def _door(name: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            seat = request.seat  # type: ignore[attr-defined]
            if seat is None or seat.door != name:
                if request.path == "/":
                    return _home(request)
                raise Http404
            return view(request, *args, **kwargs)

        guarded.door = name  # type: ignore[attr-defined]
        return guarded

    return decorate


def _home(request: HttpRequest) -> HttpResponse:
    """The bare address leads staff to their desk; who has a seat nowhere is told so."""
    if has_desk(request.user):  # type: ignore[arg-type]
        return redirect("/desk/")
    if request.user.is_superuser:  # type: ignore[union-attr]
        return redirect("/admin/")
    return render(request, "practice/no_place.html", status=404)


desk = _door(DESK)
portal = _door(PORTAL)
