"""What this room does when something is announced."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from clients.domain.attending import raise_item
from clients.domain.inviting import note_bounce
from clients.domain.reaching import recompute_everywhere, stop_emails
from clients.domain.teaming import leave_all
from clients.domain.telling import ask_instead, stop_asking, tell_attention, tell_care_team
from clients.events import (
    attention_acknowledged,
    attention_raised,
    attention_resolved,
    care_team_changed,
    client_handed_over,
    consent_changed,
)
from clients.models import AttentionItem, Client, ConsentKind
from clients.queries.registries import ATTENTION_KINDS
from clients.queries.seating import desk_user_ids
from practice.accounts.events import email_changed
from practice.live.hints import hint
from practice.notifications.events import bounced, unsubscribed
from practice.notifications.models import Channel
from practice.people.events import staff_left
from practice.people.models import Membership, User


@receiver(attention_raised)
def tell_who_must_see(item: AttentionItem, now: datetime, **_: Any) -> None:
    """What escalates rings; the rest waits on the list."""
    if ATTENTION_KINDS[item.kind].escalates:
        tell_attention(item=item, now=now)


@receiver(attention_acknowledged)
def ask_no_more(item: AttentionItem, now: datetime, **_: Any) -> None:
    """Someone has seen it."""
    stop_asking(item=item, now=now)


@receiver(attention_raised)
@receiver(attention_acknowledged)
@receiver(attention_resolved)
def refresh_open_lists(item: AttentionItem, **_: Any) -> None:
    """Let every open desk of the practice look at its list again; what each may see is decided there."""
    for user_id in desk_user_ids(item.practice_id):
        hint(f"user.{user_id}", what="attention")


@receiver(care_team_changed)
def tell_both(client: Client, user: User, now: datetime, tell: bool, **_: Any) -> None:
    """The client and that person are told; not when the client is only being added."""
    if tell:
        tell_care_team(client=client, user=user, now=now)


@receiver(consent_changed)
def show_withdrawal(client: Client, kind: str, given: bool, now: datetime, **_: Any) -> None:
    """The therapist should know when a client no longer wants to be treated here."""
    if kind == ConsentKind.TREATMENT and not given:
        raise_item(client=client, kind="consent_withdrawn", key=f"{client.pk}:{now.isoformat()}", now=now)


@receiver(client_handed_over)
def move_what_waits(client: Client, former: User, now: datetime, **_: Any) -> None:
    """Tell both and the former therapist; ask the new one about what nobody has acknowledged."""
    for user in (client.therapist, former):
        tell_care_team(client=client, user=user, now=now)
    ask_instead(clients=[client], former=former, now=now)


@receiver(bounced)
def show_bounce(user_id: int, practice_id: int, address: str, now: datetime, **_: Any) -> None:
    """A server refused the address for good."""
    note_bounce(user_id=user_id, practice_id=practice_id, address=address, now=now)


@receiver(email_changed)
def follow_address(user: User, **_: Any) -> None:
    """What a client chose to be mailed goes to the new address; who had none can be mailed now."""
    recompute_everywhere(user=user)


@receiver(unsubscribed)
def keep_quiet(user: User, channel: int, now: datetime, **_: Any) -> None:
    """Someone used the link at the foot of a mail."""
    if channel == Channel.EMAIL:
        stop_emails(user_id=user.pk, now=now)


@receiver(staff_left)
def take_off_all_teams(membership: Membership, by: User | None, now: datetime, **_: Any) -> None:
    """Who no longer works here is on no care team, and their sockets are looked at now."""
    leave_all(user=membership.user, practice_id=membership.practice_id, by=by, now=now)
    hint(f"user.{membership.user_id}", what="recheck")
