"""Whether an address is the client's own to change, and one that waits for their yes."""

from datetime import datetime

from clients.models import Client
from practice.accounts.changing_email import waiting_change
from practice.accounts.models import EmailChange


def owns_address(client: Client) -> bool:
    """Return whether the client has come in and signs in by an address that is proven and works. No query."""
    user = client.user
    return bool(client.joined_at and user.email and user.email_proven_at and not user.email_bounced_at)


def waiting_address(client: Client, *, now: datetime) -> EmailChange | None:
    """Return the address that the care team wrote down and the client has not confirmed yet. One query.

    What the client asks for by themself is nobody else's business until it is confirmed.
    """
    change = waiting_change(client.user, now=now)
    return change if change is not None and change.asked_by_id != client.user_id else None
