"""The attention list as one person sees it: one query, ordered by urgency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from clients.models import AttentionItem, AttentionState, CareTeamMember, Client, ClientStatus, Leave, Urgency
from clients.queries.registries import ATTENTION_KINDS, AttentionKind
from clients.queries.subjects import ATTENTION
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import Role, User
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled
from practice.vault import CannotOpen, warm

TONES = {Urgency.CRITICAL: "danger", Urgency.HIGH: "clay", Urgency.NORMAL: "honey", Urgency.LOW: "plum"}
UNRESOLVED = (AttentionState.OPEN, AttentionState.ACKNOWLEDGED)
SHOWN, SHOWN_ABOUT_ONE = 50, 20


@dataclass(frozen=True)
class AttentionRow:
    """An item in words. `is_mine` False: it escalated to this person, who sees name, kind and time only.

    `may_settle` False: they stand in, or it escalated to them; they acknowledge, the care team settles.
    """

    item: AttentionItem
    kind: AttentionKind
    is_mine: bool
    may_settle: bool

    @property
    def tone(self) -> str:
        """Return the colour of its urgency."""
        return TONES[Urgency(self.item.urgency)]

    @property
    def is_open(self) -> bool:
        """Return whether nobody has acknowledged it."""
        return bool(self.item.state == AttentionState.OPEN)

    @property
    def is_of_today(self) -> bool:
        """Return whether it was raised on the reader's own today."""
        return timezone.localdate(self.item.raised_at) == timezone.localdate()

    @property
    def is_critical(self) -> bool:
        """Return whether it can't wait."""
        return bool(self.item.urgency == Urgency.CRITICAL)

    @property
    def words(self) -> Any:
        """Return the reason in words; nothing for whom only name, kind and time are meant."""
        if not self.is_mine:
            return ""
        try:
            return self.kind.words(self.item)
        except CannotOpen:
            return ""

    @property
    def action_url(self) -> str:
        """Return where to go next, if there is a place."""
        return self.kind.action_url(self.item) if self.is_mine and self.kind.action_url else ""


def attention_for(seat: Seat, *, now: datetime) -> list[AttentionRow]:
    """Return what this person must see, most urgent first, then oldest first. One query, one more for keys.

    For their own clients all of it; for others only what escalated to them; practice matters for admin and lead.
    """
    unresolved = OF_THE_HOUSE_TOO if _sees_the_house(seat) else OF_CLIENTS
    return in_words(unresolved.of(seat.user, now))


def attention_about(client: Client, *, seat: Seat) -> list[AttentionRow]:
    """Return what is unresolved about one client, for who may open their page. One query."""
    return in_words(ABOUT.of(client, seat.user))


def visible_to(seat: Seat, *, now: datetime) -> "QuerySet[AttentionItem]":
    """Return the items that this person may see at all; `mine` says whether with their content."""
    return _visible(seat.user, now, with_the_house=_sees_the_house(seat))


def _sees_the_house(seat: Seat) -> bool:
    return seat.has(Role.ADMIN) or seat.has(Role.LEAD)


def _visible(user: User, now: datetime, *, with_the_house: bool) -> "QuerySet[AttentionItem]":
    away = Leave.objects.covered_by(user).filter(user_id=OuterRef("client__therapist_id"))
    reached = Notification.objects.filter(
        subject_type=ATTENTION.number, subject_id=OuterRef("pk"), user=user, not_before__lte=now
    ).exclude(status=NotificationStatus.SUPPRESSED)
    about_the_house = Q(client__isnull=True) if with_the_house else Q(pk__in=[])
    stands_in = Exists(away) & Q(client__status=ClientStatus.ACTIVE)
    rows = AttentionItem.objects.annotate(on_team=Exists(_team_of(user)))
    rows = rows.annotate(mine=ExpressionWrapper(Q(on_team=True) | stands_in, output_field=BooleanField()))
    found: QuerySet[AttentionItem] = rows.filter(about_the_house | Q(mine=True) | Q(urgency=1) & Exists(reached))
    return found


def _team_of(user: User) -> "QuerySet[CareTeamMember]":
    team: QuerySet[CareTeamMember] = CareTeamMember.objects.filter(
        client=OuterRef("client"), user=user, until__isnull=True
    )
    return team


def _unresolved(rows: "QuerySet[AttentionItem]", most: int) -> "QuerySet[AttentionItem]":
    found = rows.filter(state__in=UNRESOLVED).select_related("client", "acknowledged_by")
    return found.order_by("urgency", "raised_at", "pk")[:most]


OF_CLIENTS = Compiled(lambda user, now: _unresolved(_visible(user, now, with_the_house=False), SHOWN))
OF_THE_HOUSE_TOO = Compiled(lambda user, now: _unresolved(_visible(user, now, with_the_house=True), SHOWN))
ABOUT = Compiled(
    lambda client, user: _unresolved(
        AttentionItem.objects.filter(client=client).annotate(on_team=Exists(_team_of(user))), SHOWN_ABOUT_ONE
    )
)


def in_words(items: Sequence[AttentionItem]) -> list[AttentionRow]:
    warm([item.sealed_for() for item in items])
    known = [(item, ATTENTION_KINDS.get(item.kind)) for item in items]
    return [
        AttentionRow(
            item,
            kind,
            is_mine=getattr(item, "mine", True) or item.client_id is None,
            may_settle=getattr(item, "on_team", True) or item.client_id is None,
        )
        for item, kind in known
        if kind
    ]
