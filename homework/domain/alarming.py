"""Shows to people what the engine and the outbox can't mend."""

from datetime import datetime

from django.db import transaction

from clients.domain.attending import raise_item
from clients.models import Client
from practice.people.models import Practice, User
from practice.tenancy import scope


def alarm_hold(*, now: datetime) -> None:
    """Tell every practice that nothing leaves."""
    for practice in Practice.objects.all():
        raise_item(kind="engine_hold", key=f"hold-{now:%Y%m%d%H%M}", practice=practice, now=now)


@transaction.atomic
def alarm_unreached(*, user_id: int, practice_id: int, bounced: bool, now: datetime) -> None:
    """A person who can't be reached becomes an attention item; a refused address is remembered. Once a day."""
    if bounced:
        User.objects.filter(pk=user_id, email_bounced_at=None).update(email_bounced_at=now)
    with scope(practice=practice_id):
        client = Client.objects.filter(user_id=user_id).first()
        if client is not None:
            raise_item(kind="not_reached", key=f"client-{client.pk}-{now:%Y%m%d}", client=client, now=now)
