"""The people of a practice as its admin sees them: who works here, who was invited, how far each invitation came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from practice.accounts.models import StaffInvitation
from practice.people.models import Membership, Practice, Role


@dataclass(frozen=True)
class State:
    """Where someone stands, in a word and a tone."""

    key: str
    words: Any
    tone: str
    at: datetime | None = None


@dataclass(frozen=True)
class Member:
    """Someone who works here, or worked here."""

    row: Membership
    state: State

    @property
    def roles(self) -> str:
        """Return the roles in words."""
        return role_words(self.row.roles)


@dataclass(frozen=True)
class Invited:
    """Someone who was invited and hasn't joined."""

    row: StaffInvitation
    state: State

    @property
    def roles(self) -> str:
        """Return the roles in words."""
        return role_words(self.row.roles)


@dataclass(frozen=True)
class People:
    """Everybody, by name."""

    members: list[Member]
    invited: list[Invited]


def people_of(practice: Practice, *, now: datetime) -> People:
    """Return the practice's people. Two queries."""
    rows = Membership.objects.filter(practice=practice).select_related("user")
    waiting = StaffInvitation.objects.filter(practice=practice, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return People(
        members=[Member(row, _member_state(row)) for row in rows.order_by("-is_active", "user__name", "pk")],
        invited=[Invited(row, invitation_state(row, now=now)) for row in waiting.order_by("name", "pk")],
    )


def invitation_state(row: StaffInvitation, *, now: datetime) -> State:
    """Return how far an invitation came."""
    states = (
        ("joined", row.accepted_at, _("Joined"), "teal"),
        ("withdrawn", row.withdrawn_at, _("Withdrawn"), ""),
        ("bounced", row.bounced_at, _("Came back: the address doesn't work"), "clay"),
        ("too_old", row.expires_at if row.expires_at <= now else None, _("Too old: send it again"), "honey"),
        ("opened", row.opened_at, _("Opened, not joined yet"), "honey"),
        ("sent", row.sent_at, _("Sent"), "plum"),
    )
    return next(State(key, words, tone, at) for key, at, words, tone in states if at)


def role_words(roles: list[str]) -> str:
    """Return roles as a reader says them."""
    return ", ".join(str(Role(role).label) for role in roles if role in Role.values)


def _member_state(row: Membership) -> State:
    if not row.is_active:
        return State("left", _("No longer here"), "")
    return State("joined", _("Works here"), "teal", row.created_at)
