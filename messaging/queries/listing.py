"""The desk's list of conversations, a page at a time, and how many wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Page
from django.db.models import F
from django.utils import formats

from clients.models import Client, is_cared_for_by
from clients.queries.cover import Cover
from messaging.models import Conversation, ConversationEvent, HeldMessage
from messaging.queries.markup import as_line
from messaging.queries.pages import Turning
from messaging.queries.promise import moment_words, promise_under
from messaging.queries.team import seen_by
from practice.clock import local
from practice.people.models import Membership, User
from practice.permissions.seats import Seat
from practice.tenancy.compiled import Compiled
from practice.tenancy.counting import Counted
from practice.vault import warm

A_PAGE: Final = 30


@dataclass(frozen=True)
class Line:
    """One conversation in the list."""

    conversation: Conversation
    name: str
    said: str
    said_by_me: bool
    when: str
    unread: int
    reply_by: str
    is_due_soon: bool
    goes_out: str


def conversations_of(user: User) -> Any:
    """Return the conversations of the clients on whose care team the user is."""
    return Conversation.objects.filter(is_cared_for_by(user, "client_id"))


def waiting_count(request: Any) -> int:
    """Return how many clients wait for an answer of the person at the desk. One query a request."""
    if not hasattr(request, "_clients_waiting"):
        request._clients_waiting = WAITING.of(request.user)
    return int(request._clients_waiting)


WAITING = Counted(lambda user: conversations_of(user).filter(client__status="active", waiting_since__isnull=False))


def own_conversation(request: Any) -> Any:
    """Return the conversation of the client who is signed in, with `seen`, or None. One query a request."""
    if not hasattr(request, "_own_conversation"):
        request._own_conversation = OWN.first(request.user)
    return request._own_conversation


def unread_of(request: Any) -> int:
    """Return how many messages the client who is signed in has not read. One query a request."""
    return unread_in(own_conversation(request))


def unread_for_client(seat: Seat, client: Client) -> int:
    """Return how many messages of this client's conversation the person at the desk has not read. One query."""
    return unread_in(OF_CLIENT.first(client, seat.user))


def unread_in(conversation: Any) -> int:
    """Return how many messages of a conversation its reader has not read: beyond `seen`, which they have."""
    return max(conversation.message_no - conversation.seen, 0) if conversation else 0


OWN: Compiled[Any] = Compiled(
    lambda user: Conversation.objects.filter(client__user=user, kind="client").annotate(seen=seen_by(user))[:1]
)
OF_CLIENT: Compiled[Any] = Compiled(
    lambda client, user: Conversation.objects.filter(client=client, kind="client").annotate(seen=seen_by(user))[:1]
)


def conversation_page(*, user: User, only_waiting: bool, number: object) -> "Page[Conversation]":
    """Return a page of conversations, those that wait first. One query."""
    rows = conversations_of(user).select_related("client__therapist").annotate(seen=seen_by(user))
    if only_waiting:
        rows = rows.filter(client__status="active", waiting_since__isnull=False)
    order = (F("waiting_since").asc(nulls_last=True), F("last_at").desc(nulls_last=True), "-pk")
    return Turning(rows.order_by(*order), A_PAGE).get_page(number)


def held_of(user: User, conversation_ids: Iterable[int]) -> dict[int, list[HeldMessage]]:
    """Return by conversation what this author wrote for later, also what was refused, the soonest first. One query."""
    rows: dict[int, list[HeldMessage]] = {}
    waiting = HeldMessage.objects.filter(
        conversation__in=set(conversation_ids), author=user, posted_at__isnull=True, cancelled_at__isnull=True
    )
    for row in waiting.select_related("written_by").order_by("release_at", "pk"):
        rows.setdefault(row.conversation_id, []).append(row)
    return rows


def lines(
    *,
    conversations: Iterable[Conversation],
    held: dict[int, list[HeldMessage]],
    covers: dict[int, Cover],
    reader: User,
    known: Membership | None,
    now: datetime,
) -> list[Line]:
    """Return what the list says about each. At most three queries, whatever their number; `known` as in promise_of.

    `covers` says by client who reads (`covers_of`).
    """
    rows = list(conversations)
    ids = [row.pk for row in rows]
    warm(("conversation", pk) for pk in ids)
    newest = ConversationEvent.objects.filter(conversation__in=ids, seq=F("conversation__head"))
    said = {event.conversation_id: event for event in newest}
    staff = _memberships(rows, covers, known)
    return [
        _line(
            row,
            event=said.get(row.pk),
            goes_out=next((h.release_at for h in held.get(row.pk, ()) if not h.refused_at), None),
            cover=covers[row.client.pk],
            staff=staff.get(covers[row.client.pk].reader.pk),
            user=reader,
            now=now,
        )
        for row in rows
    ]


def _memberships(rows: list[Any], covers: dict[int, Cover], known: Membership | None) -> dict[int, Membership]:
    found = {known.user_id: known} if known else {}
    missing = {cover.reader.pk for cover in covers.values()} - found.keys()
    if missing:
        practices = {row.practice_id for row in rows}
        found |= {m.user_id: m for m in Membership.objects.filter(practice_id__in=practices, user__in=missing)}
    return found


def _line(
    row: Any,
    *,
    event: ConversationEvent | None,
    goes_out: datetime | None,
    cover: Cover,
    staff: Membership | None,
    user: User,
    now: datetime,
) -> Line:
    client: Client = row.client
    due = None
    if row.waiting_since and client.status == "active":
        due = promise_under(cover, membership=staff, now=now, since=row.waiting_since).reply_by
    return Line(
        conversation=row,
        name=client.short_name,
        said=as_line(event.body or "") if event else "",
        said_by_me=bool(event and event.author_id == user.pk),
        when=_short(row.last_at, user.zone, now) if row.last_at else "",
        unread=max(row.message_no - row.seen, 0),
        reply_by=moment_words(due, zone=user.zone, now=now) if due else "",
        is_due_soon=bool(due and (due - now).total_seconds() < 4 * 3600),
        goes_out=moment_words(goes_out, zone=user.zone, now=now) if goes_out else "",
    )


def _short(moment: datetime, zone: str, now: datetime) -> str:
    there, here = local(moment, zone), local(now, zone)
    days = (here.date() - there.date()).days
    if days == 0:
        return f"{there:%H:%M}"
    return formats.date_format(there, "D" if days < 7 else "j M")
