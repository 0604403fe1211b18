"""Decorators for views: who stands at which door. Nobody at the door is sent to sign in; a stranger gets 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from practice.permissions.seats import DESK, PORTAL

View = Callable[..., HttpResponse]


def _door(name: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            seat = request.seat  # type: ignore[attr-defined]
            if seat is None or seat.door != name:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.door = name  # type: ignore[attr-defined]
        return guarded

    return decorate


desk = _door(DESK)
portal = _door(PORTAL)
