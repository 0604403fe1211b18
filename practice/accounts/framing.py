"""The frame around a page of one's own sign-in: desk, portal, or the plain entrance for who has neither yet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from practice.permissions.seats import DESK


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, top: bool = False, status: int = 200
) -> HttpResponse:
    """Render a page in its reader's frame. `top`: the page itself is where others lead back to."""
    seat = getattr(request, "seat", None)
    frame = "entrance" if seat is None else "desk" if seat.door == DESK else "portal"
    back = "" if top or seat is None else reverse("account_security")
    context = {"frame": f"account/in_{frame}.html", "back_to": back, **(context or {})}
    return render(request, template, context, status=status)
