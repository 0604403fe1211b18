"""What this room puts into the outbox. A notification says that there is something, never what."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from clients.models import AttentionItem, AttentionState, Client, Invitation, Leave
from clients.queries.cover import cover_of
from clients.queries.registries import ATTENTION_KINDS
from clients.queries.subjects import ATTENTION
from practice.accounts.mailing import sealed_words
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel, Notification
from practice.notifications.suppressing import suppress
from practice.people.models import Membership, Role, User
from practice.tenancy import scope

ASKED_AGAIN_AFTER = timedelta(minutes=15)
PASSED_ON_AFTER = timedelta(minutes=30)


def tell_invitation(*, client: Client, invitation: Invitation, token: str, now: datetime) -> None:
    """Mail the link; it is sealed until the mail server took it."""
    context = {
        "name": client.called,
        "sender": invitation.sent_by.name,
        "link": f"{settings.PUBLIC_URL}/invitation/{token}/",
    }
    enqueue(
        kind="invitation",
        user_ids=[client.user_id],
        practice_id=client.practice_id,
        subject_type="invitation",
        subject_id=invitation.pk,
        now=now,
        expires_at=invitation.expires_at,
        payload=sealed_words("clients/mail/invitation.txt", context, language=client.language),
        channels=[Channel.EMAIL],
    )


def tell_attention(*, item: AttentionItem, now: datetime) -> None:
    """Tell the client's therapist that something waits; it is asked again and passed on until someone saw it.

    1. who reads now, the therapist or while they are on leave their stand-in; 2. again after 15 minutes; 3. after 30
    minutes the named stand-in, else therapist and lead; during a leave stand-in and lead. The later ones are rows
    that sleep, which `stop_asking` takes back. A leave that begins or ends meanwhile counts. A matter of the practice
    goes to its admins.
    """
    if item.client is None:
        _ask(item, _holders(item.practice_id, Role.ADMIN), generation=0, now=now)
        return
    again, later = now + ASKED_AGAIN_AFTER, now + PASSED_ON_AFTER
    with scope(practice=item.practice_id):
        asked = _asked_before(item)
        _ask(item, [cover_of(item.client, now=now).reader], generation=asked + 1, now=now)
        _ask(item, [cover_of(item.client, now=again).reader], generation=asked + 2, now=now, not_before=again)
        _ask(item, passed_on_to(client=item.client, at=later), generation=asked + 3, now=now, not_before=later)


def passed_on_to(*, client: Client, at: datetime) -> list[User]:
    """Return who is asked when nobody answered: the named stand-in, else therapist and lead.

    While the therapist is on leave: whoever reads instead, and the lead.
    """
    cover, therapist = cover_of(client, now=at), client.therapist
    rows = Membership.objects.filter(practice_id=client.practice_id, user=therapist)
    member = rows.select_related("stand_in__user").first()
    if cover.leave is None and member and member.stand_in and member.stand_in.is_active:
        return [member.stand_in.user]
    leads = _holders(client.practice_id, Role.LEAD)
    return [cover.reader, *[lead for lead in leads if lead.pk != cover.reader.pk]]


def ask_instead(*, clients: Collection[Client], former: User, now: datetime) -> None:
    """Ask who reads now about what nobody has acknowledged, and the one who read before no more.

    For a leave that begins at once and for a handover: what waits moves along.
    """
    waiting = AttentionItem.objects.filter(client__in=clients, state=AttentionState.OPEN)
    for item in waiting.select_related("client__therapist"):
        if ATTENTION_KINDS[item.kind].escalates:
            suppress(subject_type="attention", subject_ids=[item.pk], reason="handed on", now=now, user_id=former.pk)
            tell_attention(item=item, now=now)


def stop_asking(*, item: AttentionItem, now: datetime) -> None:
    """Take back what would still be asked about the item, in the transaction that acknowledges it."""
    with scope(practice=item.practice_id):
        suppress(subject_type="attention", subject_ids=[item.pk], reason="acknowledged", now=now)


def tell_care_team(*, client: Client, user: User, now: datetime) -> None:
    """Tell the client (unless treatment has ended) and that member of staff that the care team changed."""
    enqueue(
        kind="care_team",
        user_ids=[user.pk] if client.has_ended else [client.user_id, user.pk],
        practice_id=client.practice_id,
        subject_type="client",
        subject_id=client.pk,
        generation=int(now.timestamp()) % 2_000_000_000,
        now=now,
    )


def tell_leave(*, leave: Leave, clients: Collection[Client], now: datetime) -> None:
    """Tell the clients, the stand-in and the therapist of a leave, in neutral words."""
    people = {client.user_id for client in clients} | {leave.user_id}
    enqueue(
        kind="care_team",
        user_ids=sorted(people | ({leave.stand_in_id} if leave.stand_in_id else set())),
        practice_id=leave.practice_id,
        subject_type="leave",
        subject_id=leave.pk,
        generation=int(now.timestamp()) % 2_000_000_000,
        now=now,
    )


def _ask(
    item: AttentionItem, people: list[User], *, generation: int, now: datetime, not_before: datetime | None = None
) -> None:
    enqueue(
        kind="attention",
        user_ids=[person.pk for person in people],
        practice_id=item.practice_id,
        subject_type="attention",
        subject_id=item.pk,
        generation=generation,
        now=now,
        not_before=not_before,
        channels=[Channel.EMAIL],
    )


def _asked_before(item: AttentionItem) -> int:
    """Return the last generation that was asked: a second round, after a handover, is not the first one again."""
    rows = Notification.objects.filter(subject_type=ATTENTION.number, subject_id=item.pk)
    last: int | None = rows.aggregate(last=Max("generation"))["last"]
    return last or 0


def _holders(practice_id: int, role: Role) -> list[User]:
    members = Membership.objects.filter(practice_id=practice_id, is_active=True, roles__contains=[role.value])
    return [member.user for member in members.select_related("user").order_by("pk")]
