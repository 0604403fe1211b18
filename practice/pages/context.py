"""The frame around every page: menus, direction of writing, the engine's pulse."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language_bidi

from practice.contributions import DESK_NAV, PORTAL_TABS, NavEntry, Registry
from practice.permissions.seats import DESK, PORTAL


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what `base.html`, `desk.html` and `portal.html` need."""
    seat = getattr(request, "seat", None)
    door = seat.door if seat else None
    return {
        "seat": seat,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "desk_nav": _entries(request, DESK_NAV) if door == DESK else [],
        "portal_tabs": _entries(request, PORTAL_TABS) if door == PORTAL else [],
    }


def _entries(request: HttpRequest, registry: Registry[NavEntry]) -> list[dict[str, Any]]:
    shown = [entry for entry in registry if entry.visible is None or entry.visible(request)]
    made = [
        {
            "url": reverse(entry.url_name),
            "icon": entry.icon,
            "label": entry.label,
            "count": entry.count(request) if entry.count else None,
        }
        for entry in shown
    ]
    here = [entry for entry in made if request.path.startswith(str(entry["url"]))]
    current = max(here, key=lambda entry: len(str(entry["url"])), default=None)
    for entry in made:
        entry["current"] = entry is current
    return made
