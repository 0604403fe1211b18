"""Adds rows to the trail."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from practice.audit.models import AuditEvent
from practice.contributions import AUDIT_VERBS
from practice.people.models import User
from practice.tenancy import every_practice, scope


class UnknownVerb(Exception):
    """A verb that no room registered."""


def record(
    verb: str,
    *,
    practice_id: int | None,
    by: User | None,
    now: datetime,
    client_id: int | None = None,
    subject: Any = None,
    address: str | None = None,
    **facts: Any,
) -> AuditEvent:
    """Return the new row. `facts` are numbers and kinds, never what a person wrote. Raises UnknownVerb.

    Without a practice it is an act of who runs the installation.
    """
    row = _row(verb, practice_id=practice_id, by=by, now=now, client_id=client_id, subject=subject, facts=facts)
    row.address = address
    with _place(practice_id):
        row.save()
    return row


def record_for_each(
    verb: str, *, client_ids: Collection[int], practice_id: int, by: User | None, now: datetime, subject: Any = None
) -> None:
    """Add the same act to the trail of many clients at once. Raises UnknownVerb."""
    rows = [
        _row(verb, practice_id=practice_id, by=by, now=now, client_id=client_id, subject=subject, facts={})
        for client_id in client_ids
    ]
    with scope(practice=practice_id):
        AuditEvent.objects.bulk_create(rows, batch_size=500)


def _row(
    verb: str,
    *,
    practice_id: int | None,
    by: User | None,
    now: datetime,
    client_id: int | None,
    subject: Any,
    facts: dict[str, Any],
) -> AuditEvent:
    if verb not in AUDIT_VERBS:
        raise UnknownVerb(f"register the audit verb {verb!r} in a contributes.py")
    return AuditEvent(
        practice_id=practice_id,
        at=now,
        actor=by,
        verb=verb,
        client_ref=client_id,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_ref=subject.pk if subject is not None else None,
        facts=facts,
    )


def _place(practice_id: int | None) -> AbstractContextManager[None]:
    return every_practice("an act outside any practice") if practice_id is None else scope(practice=practice_id)
