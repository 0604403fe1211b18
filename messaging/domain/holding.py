"""A message written out of hours that goes out when the therapist's day begins, through the ordinary verb."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.models import Client
from clients.queries.endings import Line
from messaging.domain.posting import Posted, post
from messaging.domain.words import Refused, tidy
from messaging.models import Conversation, HeldMessage
from messaging.queries.held import held_waiting
from practice.notifications.holding import is_on_hold
from practice.people.models import User
from practice.tenancy import every_practice, scope

FURTHEST: Final = timedelta(days=31)
BATCH: Final = 100
log = logging.getLogger(__name__)


class TooLate(Refused):
    """It went out already, or was taken back."""


def hold(
    *, conversation: Conversation, author: User, text: object, client_uuid: UUID, release_at: datetime, now: datetime
) -> HeldMessage:
    """Return the held message; the same `client_uuid` again returns the same one.

    The caller has checked that the author may write here. Raises Unsayable, and Refused for a time out of range.
    """
    body = tidy(text)
    if not now < release_at <= now + FURTHEST:
        raise Refused(_("Choose a time within the next month."))
    with scope(practice=conversation.practice_id), transaction.atomic():
        row, _is_new = HeldMessage.objects.get_or_create(
            client_uuid=client_uuid,
            author=author,
            conversation=conversation,
            practice_id=conversation.practice_id,
            defaults={"body": body, "release_at": release_at, "created_at": now},
        )
    return row


@transaction.atomic
def take_back(*, held: HeldMessage, now: datetime) -> str:
    """Return the text of a held message that now won't go out, so that it can be written anew. Raises TooLate."""
    with scope(practice=held.practice_id):
        row = HeldMessage.objects.select_for_update().get(pk=held.pk)
        if row.posted_at or row.cancelled_at:
            raise TooLate(_("This message went out already."))
        row.cancelled_at = now
        row.save(update_fields=["cancelled_at"])
        return str(row.body)


def release(*, held: HeldMessage, now: datetime) -> Posted | None:
    """Post a held message now; returns None when it was posted, taken back or refused meanwhile.

    A refusal (the author left the care team, the conversation was closed) stays on the row for its author to see.
    """
    with scope(practice=held.practice_id), transaction.atomic():
        row = (
            HeldMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=held.pk, posted_at=None, cancelled_at=None, refused_at=None)
            .select_related("author")
            .first()
        )
        if row is None:
            return None
        try:
            posted = post(
                conversation_id=row.conversation_id,
                practice_id=row.practice_id,
                author=row.author,
                text=row.body,
                client_uuid=row.client_uuid,
                now=now,
            )
        except Refused:
            HeldMessage.objects.filter(pk=row.pk).update(refused_at=now)
            return None
        HeldMessage.objects.filter(pk=row.pk).update(posted_at=now)
    return posted


@transaction.atomic
def stop_held(*, client: Client, now: datetime) -> list[Line]:
    """Return what was held for a client and now won't go out; its authors still see their words."""
    with scope(practice=client.practice_id):
        rows = list(held_waiting(client).select_for_update(of=("self",)))
        HeldMessage.objects.filter(pk__in=[row.pk for row in rows]).update(refused_at=now)
        return [Line("held", row.author.name, row.release_at) for row in rows]


@transaction.atomic
def pass_on_held(*, client: Client, former: User, now: datetime) -> int:
    """Return how many held messages of someone who left the care team are now the primary therapist's.

    They don't go out by themselves: words in one person's name are not sent in another's. The therapist sees who
    wrote them and sends or drops them.
    """
    with scope(practice=client.practice_id):
        therapist_id = Client.objects.values_list("therapist_id", flat=True).get(pk=client.pk)
        rows = held_waiting(client).filter(author=former).select_for_update(of=("self",))
        ids = [row.pk for row in rows]
        moved: int = HeldMessage.objects.filter(pk__in=ids).update(
            author_id=therapist_id, written_by=former, refused_at=now
        )
        return moved


def release_due(*, now: datetime, batch: int = BATCH) -> int:
    """Post what is due, oldest first, each in its own transaction; returns how many went out. Safe to run twice.

    Batch after batch, until as many went out or none is left: what can't be posted stays due and the oldest, and what
    comes after it is reached all the same. Nothing while the engine is on hold: this may be a restored copy.
    """
    if is_on_hold():
        return 0
    posted, after = 0, None
    while posted < batch and (due := _due(now, after, batch)):
        posted += sum(_released(row, now) for row in due)
        after = due[-1]
    return posted


def _due(now: datetime, after: HeldMessage | None, most: int) -> list[HeldMessage]:
    waiting = Q(release_at__lte=now, posted_at=None, cancelled_at=None, refused_at=None)
    if after:
        waiting &= Q(release_at__gt=after.release_at) | Q(release_at=after.release_at, pk__gt=after.pk)
    with every_practice("the tick serves all practices"):
        return list(HeldMessage.objects.filter(waiting).defer("body").order_by("release_at", "pk")[:most])


def _released(row: HeldMessage, now: datetime) -> bool:
    try:
        return release(held=row, now=now) is not None
    except Exception:  # one row that can't be posted never stops the others; it is tried again at the next tick
        log.exception("held message %s was not released", row.pk)
        return False
