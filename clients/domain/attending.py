"""The attention list: raising what someone must see, acknowledging it, resolving it. Items are never deleted."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clients.events import attention_acknowledged, attention_raised, attention_resolved
from clients.models import AttentionChange, AttentionItem, AttentionState, Client, Urgency
from clients.queries.registries import ATTENTION_KINDS
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope


class UnknownKind(Exception):
    """A kind of attention that no room registered."""


def raise_item(
    *,
    kind: str,
    key: str,
    now: datetime,
    client: Client | None = None,
    practice: Practice | int | None = None,
    detail: dict[str, Any] | None = None,
    subject_id: int | None = None,
    urgency: Urgency | None = None,
) -> AttentionItem:
    """Return the item with this kind and key, raised now unless it was there already.

    With no client give the practice: the item is then about the house. May be called twice with the same key: the
    second call changes nothing and announces nothing. `detail` is sealed with the client's key. Joins the caller's
    transaction. Raises UnknownKind.
    """
    if kind not in ATTENTION_KINDS:
        raise UnknownKind(f"register the attention kind {kind!r} in a contributes.py")
    practice_id = client.practice_id if client else practice if isinstance(practice, int) else practice.pk  # type: ignore[union-attr]
    with transaction.atomic(), scope(practice=practice_id):
        item, is_new = AttentionItem.objects.get_or_create(
            practice_id=practice_id,
            kind=kind,
            key=key,
            defaults={
                "client": client,
                "urgency": urgency or ATTENTION_KINDS[kind].urgency,
                "detail": detail,
                "subject_id": subject_id,
                "raised_at": now,
            },
        )
        if is_new:
            attention_raised.send(AttentionItem, item=item, now=now)
    return item


@transaction.atomic
def note_change(
    *, item: AttentionItem, change: str, now: datetime, by: User | None = None, detail: dict[str, Any] | None = None
) -> AttentionChange:
    """Return a new line of the item's history ("answer", "escalated"): the item itself stays as it is."""
    with scope(practice=item.practice_id):
        return AttentionChange.objects.create(
            practice_id=item.practice_id, item=item, at=now, by=by, change=change, detail=detail
        )


@transaction.atomic
def acknowledge(*, item: AttentionItem, by: User, now: datetime) -> AttentionItem:
    """Return the item, seen by a person: it is asked about no more. Doing it twice changes nothing."""
    with scope(practice=item.practice_id):
        item = AttentionItem.objects.select_for_update(of=("self",)).select_related("client").get(pk=item.pk)
        if item.state != AttentionState.OPEN:
            return item
        item.state, item.acknowledged_at, item.acknowledged_by = AttentionState.ACKNOWLEDGED, now, by
        item.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
        _keep_trace(item, "acknowledged", by, now)
        attention_acknowledged.send(AttentionItem, item=item, by=by, now=now)
    return item


@transaction.atomic
def resolve(*, item: AttentionItem, by: User | None, now: datetime) -> AttentionItem:
    """Return the item, done. One that nobody had acknowledged counts as acknowledged too. Twice changes nothing.

    `by` is None when what it asked for happened by itself (answers read, consent given).
    """
    with scope(practice=item.practice_id):
        item = AttentionItem.objects.select_for_update(of=("self",)).select_related("client").get(pk=item.pk)
        if item.state == AttentionState.RESOLVED:
            return item
        if item.state == AttentionState.OPEN:
            item.acknowledged_at, item.acknowledged_by = now, by
            attention_acknowledged.send(AttentionItem, item=item, by=by, now=now)
        item.state, item.resolved_at, item.resolved_by = AttentionState.RESOLVED, now, by
        item.save(update_fields=["state", "acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by"])
        _keep_trace(item, "resolved", by, now)
        attention_resolved.send(AttentionItem, item=item, by=by, now=now)
    return item


def resolve_by_key(*, client: Client, kind: str, key: str, now: datetime, by: User | None = None) -> None:
    """Resolve the item with this kind and key, if there is one."""
    with scope(practice=client.practice_id):
        item = AttentionItem.objects.filter(kind=kind, key=key, client=client).first()
    if item is not None:
        resolve(item=item, by=by, now=now)


def _keep_trace(item: AttentionItem, change: str, by: User | None, now: datetime) -> None:
    note_change(item=item, change=change, now=now, by=by)
    record(
        f"attention_{change}",
        practice_id=item.practice_id,
        by=by,
        now=now,
        client_id=item.client_id,
        subject=item,
        kind=item.kind,
    )
