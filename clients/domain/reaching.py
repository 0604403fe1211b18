"""How a client wants to be reached, and what the outbox must know of it."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction

from clients.events import client_moved
from clients.models import Client
from practice.audit import record
from practice.clock.zones import canonical_zone
from practice.notifications.channelling import set_channels
from practice.notifications.models import Channel
from practice.people.models import User
from practice.permissions.seats import has_desk
from practice.tenancy import every_practice, scope

BY_NAME = {"email": Channel.EMAIL}


@dataclass(frozen=True)
class Preferences:
    """What a client decides about being reached and addressed."""

    preferred_name: str
    pronouns: str
    language: str
    zone: str
    channels: list[str]
    quiet_from: time
    quiet_until: time
    context: str = ""


@transaction.atomic
def change_preferences(*, client: Client, wanted: Preferences, by: User, now: datetime) -> Client:
    """Return the client with other preferences. Another zone moves what lies ahead (`client_moved`)."""
    with scope(practice=client.practice_id):
        client = Client.objects.locked().select_related("practice", "user").get(pk=client.pk)
        before = client.zone
        for name, value in asdict(wanted).items():
            setattr(client, name, value)
        client.zone = canonical_zone(wanted.zone)
        client.save()
        keep_user_in_step(client)
        recompute_channels(client=client)
        record("preferences_changed", practice_id=client.practice_id, by=by, now=now, client_id=client.pk)
        client_moved.send(Client, client=client, before=before, now=now)
    return client


def keep_user_in_step(client: Client) -> None:
    """Let the client's user see dates in their zone and pages in their language."""
    user = client.user
    if (user.zone, user.language) != (client.zone, client.language):
        user.zone, user.language = client.zone, client.language
        user.save(update_fields=["zone", "language"])


def recompute_channels(*, client: Client) -> None:
    """Write down by which channels the client is told: in the app always, elsewhere as chosen and consented to.

    What is essential (signing in, safety) goes by e-mail whatever they chose. A user who is staff too keeps e-mail.
    """
    user = client.user
    wanted = {Channel.IN_APP}
    if user.email and not user.email_bounced_at:
        if client.messages_consent:
            wanted |= {BY_NAME[name] for name in client.channels if name in BY_NAME}
        if has_desk(user):
            wanted.add(Channel.EMAIL)
    set_channels(user_id=user.pk, channels=wanted)


def recompute_everywhere(*, user: User) -> None:
    """Do the same for someone whose address changed, in each practice whose client they are."""
    with every_practice("an address may belong to a client of several practices"):
        for client in Client.objects.filter(user=user).select_related("user").order_by("pk"):
            recompute_channels(client=client)


@transaction.atomic
def stop_emails(*, user_id: int, now: datetime) -> None:
    """Take e-mail from the channels of a client who unsubscribed by the link in a mail."""
    with every_practice("an address may belong to a client of several practices"):
        found = list(Client.objects.filter(user_id=user_id).select_related("user"))
    for client in found:
        with scope(practice=client.practice_id):
            client.channels = [name for name in client.channels if name != "email"]
            client.save(update_fields=["channels"])
            record("preferences_changed", practice_id=client.practice_id, by=client.user, now=now, client_id=client.pk)
        recompute_channels(client=client)
