"""Changing a client's record, and noting that someone opened it."""

from datetime import datetime

from django.db import transaction

from clients.domain.adding import ClientDetails, sort_name
from clients.domain.reaching import keep_user_in_step
from clients.events import client_moved
from clients.models import Client
from practice.audit import record
from practice.audit.recording import record_opening
from practice.clock.zones import canonical_zone
from practice.people.models import User
from practice.tenancy import scope


@transaction.atomic
def change_details(*, client: Client, details: ClientDetails, by: User, now: datetime) -> Client:
    """Return the client with other details. The e-mail isn't among them: only its owner changes it."""
    with scope(practice=client.practice_id):
        client = Client.objects.locked().select_related("practice", "user").get(pk=client.pk)
        before = client.zone
        client.name, client.sort_name = details.name.strip(), sort_name(details.name)
        client.preferred_name, client.pronouns = details.preferred_name.strip(), details.pronouns.strip()
        client.phone, client.country, client.language = details.phone.strip(), details.country, details.language
        client.zone = canonical_zone(details.zone)
        client.save()
        keep_user_in_step(client)
        record("client_changed", practice_id=client.practice_id, by=by, now=now, client_id=client.pk)
        client_moved.send(Client, client=client, before=before, now=now)
    return client


def note_opening(*, client: Client, by: User, now: datetime, verb: str = "client_opened", anew: bool = True) -> None:
    """Keep a trace that someone opened the client's page, or another part of it (`verb`): the client can look it up.

    `anew` as in `practice.audit.recording.record_opening`.
    """
    record_opening(verb, practice_id=client.practice_id, by=by, now=now, client_id=client.pk, anew=anew)


def note_visit(*, client: Client, now: datetime) -> None:
    """Remember when the client was last here; at most once in five minutes."""
    if client.last_seen_at is None or (now - client.last_seen_at).total_seconds() > 300:
        with scope(practice=client.practice_id):
            Client.objects.filter(pk=client.pk).update(last_seen_at=now)
