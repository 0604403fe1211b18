"""Which forms go out after each session with a client."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from alliance.instruments.structure import offered
from clients.models import Client
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope


@transaction.atomic
def choose_forms(*, client: Client, forms: Collection[str], by: User, now: datetime) -> Client:
    """Return the client with the forms that go out from the next session on. What was sent already stays.

    What isn't offered is left out without a word: it can't be sent.
    """
    with scope(practice=client.practice_id):
        client = Client.objects.locked().get(pk=client.pk)
        client.forms = [found.id for found in offered() if found.id in forms]
        client.save(update_fields=["forms"])
        record(
            "alliance.forms_chosen",
            practice_id=client.practice_id,
            by=by,
            now=now,
            client_id=client.pk,
            count=len(client.forms),
        )
        return client
