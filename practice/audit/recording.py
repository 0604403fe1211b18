"""Adds rows to the trail."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from practice.audit.models import AuditEvent
from practice.contributions import AUDIT_VERBS
from practice.people.models import User
from practice.tenancy import every_practice, scope

LATELY: Final = timedelta(hours=12)  # as long as somebody of the staff stays signed in at most


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


def record_opening(
    verb: str,
    *,
    practice_id: int,
    by: User,
    now: datetime,
    client_id: int | None,
    subject: Any = None,
    address: str | None = None,
    anew: bool = True,
) -> None:
    """Write down that somebody read something of a client.

    `anew` False: the request says that it is a page which is open already, and shows itself again. That is written down
    too unless this person did open it lately: what a request says of itself hides nothing. One query more.
    """
    if not anew:
        about = {"client_ref": client_id, "verb": verb, "actor": by, "subject_ref": subject.pk if subject else None}
        with scope(practice=practice_id):
            if AuditEvent.objects.filter(at__gt=now - LATELY, **about).exists():
                return
    record(verb, practice_id=practice_id, by=by, now=now, client_id=client_id, subject=subject, address=address)


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
