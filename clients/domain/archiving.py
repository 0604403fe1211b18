"""The end of a treatment, and its taking up again. What is cancelled stays cancelled; the record stays readable."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.domain.reaching import recompute_channels
from clients.events import client_archived, client_restored
from clients.models import AppointmentStatus, Client, ClientStatus, Ending
from clients.queries.endings import (
    Line,
    appointments_ahead,
    as_kept,
    by_date,
    invitations_open,
    open_invitation,
    planned_ahead,
    what_is_critical,
)
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope


class CannotArchive(Exception):
    """Why treatment can't end yet; the message is for the page."""


@transaction.atomic
def archive_client(*, client: Client, by: User, now: datetime) -> Client:
    """Return the client, no longer in treatment. After the commit nothing begins for them: no send, no mail.

    1. Lock the client. 2. What someone must see now is settled first: else CannotArchive. 3. Each room cancels what
    lies ahead and says what that was. 4. The list is kept, sealed, for who restores the client. They go on reading
    their own record. Archiving twice changes nothing.
    """
    with scope(practice=client.practice_id):
        client = _locked(client)
        if client.has_ended:
            return client
        critical = what_is_critical(client)
        if critical:
            raise CannotArchive(
                _("Settle first what can't wait: %(what)s.") % {"what": ", ".join(str(r.kind.label) for r in critical)}
            )
        client.status, client.archived_at = ClientStatus.ARCHIVED, now
        client.save(update_fields=["status", "archived_at"])
        cancelled = _cancel_own(client, now)
        recompute_channels(client=client)
        answers: list[tuple[Any, Any]] = client_archived.send(Client, client=client, by=by, now=now)
        cancelled += [line for _receiver, lines in answers for line in lines or []]
        Ending.objects.create(
            practice_id=client.practice_id,
            client=client,
            at=now,
            by=by,
            cancelled=[as_kept(line) for line in by_date(cancelled)],
        )
        record("client_archived", practice_id=client.practice_id, by=by, now=now, client_id=client.pk)
    return client


@transaction.atomic
def restore_client(*, client: Client, by: User, now: datetime) -> Client:
    """Return the client, in treatment again. Nothing that was cancelled comes back by itself; twice changes nothing."""
    with scope(practice=client.practice_id):
        client = _locked(client)
        if not client.has_ended:
            return client
        client.status, client.archived_at = ClientStatus.ACTIVE, None
        client.save(update_fields=["status", "archived_at"])
        Ending.objects.filter(client=client, restored_at=None).update(restored_at=now, restored_by=by)
        recompute_channels(client=client)
        record("client_restored", practice_id=client.practice_id, by=by, now=now, client_id=client.pk)
        client_restored.send(Client, client=client, by=by, now=now)
    return client


def _locked(client: Client) -> Client:
    rows = Client.objects.locked().select_related("practice", "user", "therapist")
    row: Client = rows.get(pk=client.pk)
    return row


def _cancel_own(client: Client, now: datetime) -> list[Line]:
    """Cancel this room's part: appointments ahead, an invitation that waits."""
    lines = [*appointments_ahead(client, now), *open_invitation(client, now)]
    planned_ahead(client, now).update(status=AppointmentStatus.CANCELLED, decided_at=now)
    invitations_open(client, now).update(replaced_at=now)
    return lines
