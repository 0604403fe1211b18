"""The Record tab: details, invitation, consents, care team, who opened it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import CareTeamMember, Client, ConsentKind, ConsentReceipt, Invitation
from clients.queries.consents import latest_receipts
from clients.queries.readdressing import owns_address, waiting_address
from clients.queries.room import why_no_code
from practice.accounts.models import EmailChange
from practice.audit.models import AuditEvent
from practice.contributions import AUDIT_VERBS
from practice.people.models import Membership, Role, User
from practice.tenancy.compiled import Compiled


@dataclass(frozen=True)
class InvitationState:
    """How far the newest invitation came, in a word and a tone."""

    key: str
    words: Any
    tone: str
    at: datetime | None = None


@dataclass(frozen=True)
class Opening:
    """A line of "who looked": who did what, when."""

    who: str
    words: Any
    at: datetime


@dataclass(frozen=True)
class Record:
    """What the Record tab shows."""

    invitation: InvitationState
    email: str
    may_write_address: bool
    waiting: EmailChange | None
    can_show_code: bool
    consents: list[tuple[ConsentKind, ConsentReceipt | None]]
    team: list[CareTeamMember]
    others: list[User]
    trail: list[Opening]


def record_of(client: Client, *, now: datetime) -> Record:
    """Return the record. Six queries, two more for who may come in by a code."""
    receipts = latest_receipts(client)
    team = care_team(client)
    inside = {member.user_id for member in team}
    staff = Membership.objects.filter(practice_id=client.practice_id, is_active=True).select_related("user")
    others = [member.user for member in staff.order_by("user__name") if member.has(Role.THERAPIST)]
    return Record(
        invitation=invitation_state(client, now=now),
        email=client.user.email or "",
        may_write_address=not client.has_ended and not owns_address(client),
        waiting=waiting_address(client, now=now),
        can_show_code=not why_no_code(client),
        consents=[(kind, receipts.get(kind)) for kind in ConsentKind],
        team=team,
        others=[user for user in others if user.pk not in inside],
        trail=trail_of(client),
    )


def care_team(client: Client) -> list[CareTeamMember]:
    """Return who is on the care team now, longest first. One query."""
    rows = CareTeamMember.objects.filter(client=client, until__isnull=True).select_related("user")
    return list(rows.order_by("since", "pk"))


def invitation_state(client: Client, *, now: datetime) -> InvitationState:
    """Return how far the newest invitation came. One query."""
    newest = Invitation.objects.filter(client=client).order_by("-sent_at", "-pk").first()
    if client.joined_at:
        return InvitationState("accepted", _("Has come in"), "teal", client.joined_at)
    if newest is None:
        return InvitationState("none", _("Not invited yet"), "honey")
    states = (
        ("bounced", newest.bounced_at, _("Came back: the address doesn't work"), "clay"),
        ("opened", newest.opened_at, _("Opened, not finished"), "honey"),
        ("too_old", newest.expires_at if newest.expires_at <= now else None, _("Too old: send it again"), "honey"),
        ("sent", newest.sent_at, _("Sent"), "plum"),
    )
    return next(InvitationState(key, words, tone, at) for key, at, words, tone in states if at)


def trail_of(client: Client, *, limit: int = 12) -> list[Opening]:
    """Return who opened or changed the record, newest first; the same act on one day is told once. One query."""
    told: dict[tuple[Any, ...], Opening] = {}
    for row in _newest(limit * 6).of(client.pk):
        who = row.actor.name if row.actor else "Rapport"
        words = AUDIT_VERBS.get(row.verb) or row.verb
        told.setdefault((row.actor_id, row.verb, timezone.localtime(row.at).date()), Opening(who, words, row.at))
    return list(told.values())[:limit]


@cache
def _newest(count: int) -> Compiled[AuditEvent]:
    """The newest lines of a client's trail, by the client's id."""
    return Compiled(
        lambda client_id: (
            AuditEvent.objects.filter(client_ref=client_id).select_related("actor").order_by("-at", "-pk")[:count]
        )
    )
