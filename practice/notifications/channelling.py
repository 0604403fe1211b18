"""Which channels reach a person: a small table, computed when something about them changes, joined by the engine."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from practice.notifications import events
from practice.notifications.models import Channel, UserChannel
from practice.people.models import User

EVERY_KIND = 0
DEFAULT = (Channel.IN_APP, Channel.EMAIL)


@transaction.atomic
def set_channels(
    *, user_id: int, channels: Iterable[Channel], per_kind: Mapping[int, Iterable[Channel]] | None = None
) -> None:
    """Tell a person by these channels from now on; `per_kind` says otherwise for single kinds, by number.

    Call it when a preference, a consent or an address changes. What is essential goes out all the same.
    """
    apart = {kind: set(chosen) for kind, chosen in (per_kind or {}).items()}
    wanted = {(EVERY_KIND, channel) for channel in channels}
    wanted |= {(kind, channel) for kind, chosen in apart.items() for channel in chosen}
    rows = UserChannel.objects.select_for_update().filter(user_id=user_id)
    there = {(row.kind, row.channel): row.pk for row in rows}
    UserChannel.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    new = [UserChannel(user_id=user_id, kind=kind, channel=channel) for kind, channel in sorted(wanted - there.keys())]
    UserChannel.objects.bulk_create(new, ignore_conflicts=True)
    UserChannel.objects.filter(user_id=user_id, kind=EVERY_KIND).update(but=sorted(apart))


def ensure_channels(user_ids: Collection[int]) -> None:
    """Give those who have no channel row at all the default: in the app and by e-mail."""
    reached = set(UserChannel.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    rows = [
        UserChannel(user_id=user_id, kind=EVERY_KIND, channel=channel)
        for user_id in sorted(set(user_ids) - reached)
        for channel in DEFAULT
    ]
    UserChannel.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def stop_channel(*, user_id: int, channel: Channel, now: datetime) -> None:
    """Tell a person by this channel no more, except of what is essential. Rooms that keep the choice hear of it."""
    ensure_channels([user_id])
    UserChannel.objects.filter(user_id=user_id, channel=channel).delete()
    user = User.objects.get(pk=user_id)
    events.unsubscribed.send(sender=UserChannel, user=user, channel=channel, now=now)


def channels_of(user_ids: Collection[int], *, kind: int, essential: bool) -> dict[int, set[int]]:
    """By which channels each user is told of this kind. One query; none for what is essential."""
    if essential:
        return {user_id: set(DEFAULT) for user_id in user_ids}
    found: dict[int, set[int]] = {}
    rows = UserChannel.objects.filter(user_id__in=user_ids)
    chosen = rows.filter(Q(kind=kind) | Q(kind=EVERY_KIND) & ~Q(but__contains=[kind]))
    for user_id, channel in chosen.values_list("user_id", "channel"):
        found.setdefault(user_id, set()).add(channel)
    return found
