"""Keeps a client's choice of channels in step with the link in a mail that stops such mails."""

from clients.models import Client
from practice.notifications.models import Channel
from practice.tenancy import every_practice

NAMES = {Channel.EMAIL: "email"}


def forget_channel(*, user_id: int, channel: Channel) -> None:
    """Take the channel out of what this person chose, in every practice: the mail doesn't say which it was from."""
    with every_practice("a stop link is about the person, not about one practice"):
        for client in Client.objects.select_for_update(of=("self",)).filter(user_id=user_id):
            client.channels = [name for name in client.channels if name != NAMES.get(channel)]
            client.save(update_fields=["channels"])
