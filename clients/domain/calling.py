"""A client says: I need help."""

from datetime import datetime

from clients.domain.attending import raise_item
from clients.models import AttentionItem, AttentionState, Client
from practice.tenancy import scope


def ask_for_help(*, client: Client, now: datetime) -> AttentionItem | None:
    """Return the critical item that tells who reads. While one is open, asking again returns that one.

    None once treatment has ended: nobody watches any more, and the page must say so.
    """
    if client.has_ended:
        return None
    with scope(practice=client.practice_id):
        rows = AttentionItem.objects.filter(client=client, kind="help_asked", state=AttentionState.OPEN)
        waiting: AttentionItem | None = rows.order_by("-raised_at").first()
    if waiting is not None:
        return waiting
    return raise_item(client=client, kind="help_asked", key=f"{client.pk}:{now.isoformat()}", now=now)
