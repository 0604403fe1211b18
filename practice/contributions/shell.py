"""What the shell is made of: menu entries, tabs, doors, socket routes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from practice.contributions.registry import Registry


@dataclass(frozen=True)
class NavEntry:
    """A place in the desk's menu or the portal's tab bar.

    `count` returns a number shown beside the label (None or 0: nothing); it must cost at most one query.
    `also` are further beginnings of paths that belong to the place, as a client's page belongs to the caseload.
    `visible` decides whether this reader has the entry at all.
    """

    label: Any
    icon: str
    url_name: str
    count: Callable[[HttpRequest], int | None] | None = None
    visible: Callable[[HttpRequest], bool] | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeatSource:
    """Answers in which practices a user sits at a door: `practice_ids(user)` costs one query."""

    door: str
    practice_ids: Callable[[Any], Iterable[int]]


DESK_NAV: Registry[NavEntry] = Registry("desk menu")
PORTAL_TABS: Registry[NavEntry] = Registry("portal tabs")
SEAT_SOURCES: Registry[SeatSource] = Registry("seats")
SOCKET_ROUTES: Registry[Any] = Registry("socket routes")
SHELL_PARTS: Registry[Callable[[HttpRequest], dict[str, Any]]] = Registry("shell parts")
"""What a room adds to every page's context, by the seat of the request; one query at most."""
