"""The registries that rooms hang things on. A room registers in its `contributes.py`; nothing else changes."""

from practice.contributions.checks import DOCTOR_CHECKS, Finding, State
from practice.contributions.registry import Registry
from practice.contributions.setting_up import PRACTICE_PAGES, SETUP_STEPS, PracticePage, SetupStep
from practice.contributions.shell import (
    DESK_NAV,
    PORTAL_TABS,
    SEAT_SOURCES,
    SHELL_PARTS,
    SOCKET_ROUTES,
    NavEntry,
    SeatSource,
)
from practice.contributions.staff import STAFF_TIES
from practice.contributions.words import AUDIT_VERBS, NOTIFICATION_KINDS, NotificationKind

__all__ = [
    "AUDIT_VERBS",
    "DESK_NAV",
    "DOCTOR_CHECKS",
    "NOTIFICATION_KINDS",
    "PORTAL_TABS",
    "PRACTICE_PAGES",
    "SEAT_SOURCES",
    "SETUP_STEPS",
    "SHELL_PARTS",
    "SOCKET_ROUTES",
    "STAFF_TIES",
    "Finding",
    "NavEntry",
    "NotificationKind",
    "PracticePage",
    "Registry",
    "SeatSource",
    "SetupStep",
    "State",
]
