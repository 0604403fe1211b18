"""Shows to people what the engine and the outbox can't mend."""

from datetime import datetime

from clients.domain.attending import raise_item
from clients.models import Client
from practice.people.models import Practice
from practice.tenancy import scope


def alarm_hold(*, now: datetime) -> None:
    """Tell every practice that nothing leaves."""
    for practice in Practice.objects.all():
        raise_item(kind="engine_hold", key=f"hold-{now:%Y%m%d%H%M}", practice=practice, now=now)


def alarm_unreached(*, user_id: int, practice_id: int, address: str, now: datetime) -> None:
    """A client who can't be reached at their address becomes an attention item, once a day."""
    with scope(practice=practice_id):
        client = Client.objects.filter(user_id=user_id, user__email=address).first()
        if client is not None:
            raise_item(kind="unreachable", key=f"{client.pk}:{now:%Y-%m-%d}", client=client, now=now)
