"""What this room puts into the outbox. A notification says that there is something, never what."""

from datetime import datetime, timedelta

from django.conf import settings

from clients.models import AttentionItem, Client, Invitation
from practice.accounts.mailing import sealed_words
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel
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

    1. the therapist, now; 2. the therapist again after 15 minutes; 3. the stand-in, else therapist and lead, after
    30 minutes. The later ones are rows that sleep, which `stop_asking` takes back. A matter of the practice goes to
    its admins.
    """
    if item.client is None:
        _ask(item, _holders(item.practice_id, Role.ADMIN), generation=0, now=now)
        return
    therapist = item.client.therapist
    _ask(item, [therapist], generation=1, now=now)
    _ask(item, [therapist], generation=2, now=now, not_before=now + ASKED_AGAIN_AFTER)
    others = passed_on_to(therapist=therapist, practice_id=item.practice_id)
    _ask(item, others, generation=3, now=now, not_before=now + PASSED_ON_AFTER)


def passed_on_to(*, therapist: User, practice_id: int) -> list[User]:
    """Return who is asked when the therapist doesn't answer: the named stand-in, else therapist and lead."""
    member = Membership.objects.filter(practice_id=practice_id, user=therapist).select_related("stand_in__user").first()
    if member and member.stand_in and member.stand_in.is_active:
        return [member.stand_in.user]
    return [therapist, *[lead for lead in _holders(practice_id, Role.LEAD) if lead.pk != therapist.pk]]


def stop_asking(*, item: AttentionItem, now: datetime) -> None:
    """Take back what would still be asked about the item, in the transaction that acknowledges it."""
    with scope(practice=item.practice_id):
        suppress(subject_type="attention", subject_ids=[item.pk], reason="acknowledged", now=now)


def tell_care_team(*, client: Client, user: User, now: datetime) -> None:
    """Tell the client and that member of staff that the care team changed."""
    enqueue(
        kind="care_team",
        user_ids=[client.user_id, user.pk],
        practice_id=client.practice_id,
        subject_type="client",
        subject_id=client.pk,
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


def _holders(practice_id: int, role: Role) -> list[User]:
    members = Membership.objects.filter(practice_id=practice_id, is_active=True, roles__contains=[role.value])
    return [member.user for member in members.select_related("user").order_by("pk")]
