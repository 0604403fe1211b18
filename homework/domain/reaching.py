"""By which channels the engine may tell a person: what they chose, as far as they consented."""

from collections.abc import Collection

from clients.models import Client
from practice.notifications.channelling import ensure_channels, set_channels
from practice.notifications.models import Channel


def refresh_channels(client: Client) -> None:
    """Compute the client's channel rows. In the app always; by e-mail if they chose it and consented to messages."""
    by_mail = client.messages_consent and "email" in client.channels
    set_channels(user_id=client.user_id, channels=[Channel.IN_APP, *([Channel.EMAIL] if by_mail else [])])


def ensure_reachable(*, client: Client, recipient_ids: Collection[int]) -> None:
    """Make sure that everyone who will be sent something has channel rows."""
    refresh_channels(client)
    ensure_channels([user_id for user_id in recipient_ids if user_id != client.user_id])
