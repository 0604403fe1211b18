"""The frame around every page: menus, direction of writing, the engine's pulse."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language_bidi

from practice.contributions import DESK_NAV, PORTAL_TABS, SHELL_PARTS, NavEntry, Registry
from practice.pages.links import address_of
from practice.pages.pulse import engine_pulse
from practice.permissions.seats import DESK, PORTAL, SEATS_KEY

TEXT_SIZE_COOKIE = "text_size"
FRONTS = ("/", "/desk/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what `base.html`, `desk.html` and `portal.html` need."""
    seat = getattr(request, "seat", None)
    door = seat.door if seat else None
    context: dict[str, Any] = {
        "seat": seat,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "desk_nav": _entries(request, DESK_NAV) if door == DESK else [],
        "portal_tabs": _entries(request, PORTAL_TABS) if door == PORTAL else [],
        "appearance": {"text": request.COOKIES.get(TEXT_SIZE_COOKIE, "") if seat else ""},
    }
    if seat and request.session.get(SEATS_KEY, 1) > 1:
        context["elsewhere"] = {
            "practice": seat.practice.name,
            "number": seat.practice.pk,
            "url": address_of("pages:seats"),
        }
    if seat and door == DESK:
        context["engine_pulse"] = engine_pulse(now=timezone.now())
        context["desk_me"] = {"name": seat.user.name, "url": address_of("pages:me")}
    for part in SHELL_PARTS if seat else ():
        context |= part(request)
    return context


def _entries(request: HttpRequest, registry: Registry[NavEntry]) -> list[dict[str, Any]]:
    shown = [entry for entry in registry if entry.visible is None or entry.visible(request)]
    made: list[dict[str, Any]] = [
        {
            "url": address_of(entry.url_name),
            "icon": entry.icon,
            "label": entry.label,
            "count": entry.count(request) if entry.count else None,
            "current": False,
        }
        for entry in shown
    ]
    close = [_closeness(request.path, place["url"], entry.also) for place, entry in zip(made, shown, strict=True)]
    if any(close):
        made[close.index(max(close))]["current"] = True
    return made


def _closeness(path: str, url: str, also: tuple[str, ...]) -> int:
    """How much of a path a place covers; the front of a house covers only itself."""
    if path == url:
        return len(path) + 1
    beginnings = (*also, *(() if url in FRONTS else (url,)))
    return max((len(beginning) for beginning in beginnings if path.startswith(beginning)), default=0)
