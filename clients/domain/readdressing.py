"""A client's e-mail address, as their therapist writes it down: added, or corrected when it was mistyped.

Who has not come in yet is simply invited anew at the right address. Who has come in confirms it themself, signed in and
by a mail that went there: else one wrong letter would open their record to a stranger. An address that is proven to be
theirs is only theirs to change.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clients.domain.adding import ClientDetails, person_for
from clients.domain.inviting import invite
from clients.domain.reaching import recompute_channels
from clients.events import client_user_changed
from clients.models import Client
from clients.queries.readdressing import owns_address
from clients.queries.seating import sits_elsewhere
from practice.accounts.changing_email import ask_for_email, tidy
from practice.accounts.models import StaffInvitation
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope


class CannotReaddress(Exception):
    """Why the address stays as it is; the message is for the page."""


class Given(NamedTuple):
    """What became of it: `invited` anew, or asked to confirm it."""

    client: Client
    invited: bool


@transaction.atomic
def give_address(*, client: Client, email: str, by: User, now: datetime) -> Given:
    """Return the client, invited at this address, or asked by a mail there to confirm it. Raises CannotReaddress.

    1. Lock the client. 2. Who has come in is asked: nothing changes until they confirm. 3. Else the address is theirs
    from now on. Someone known by it elsewhere is the same person; a person who is known by the wrong one keeps it and
    is no longer meant. 4. A new invitation goes out, the earlier links and mails are over.
    """
    with scope(practice=client.practice_id):
        rows = Client.objects.select_for_update(of=("self",)).select_related("practice", "user", "therapist")
        client, wanted = rows.get(pk=client.pk), tidy(email)
        _check(client, wanted)
        record("client_address_given", practice_id=client.practice_id, by=by, now=now, client_id=client.pk)
        if client.joined_at is not None:
            ask_for_email(user=client.user, email=wanted, by=by, now=now)
            return Given(client, invited=False)
        _write_down(client, wanted, now)
        recompute_channels(client=client)
        invite(client=client, by=by, now=now)
    return Given(client, invited=True)


def _check(client: Client, wanted: str) -> None:
    if client.has_ended:
        raise CannotReaddress(_("Treatment has ended. Restore the client first."))
    if owns_address(client):
        raise CannotReaddress(_("This address is theirs: only they change it, under Me."))
    if wanted == client.user.email and client.joined_at is None:
        raise CannotReaddress(_("This is the address that stands there. Send the invitation again instead."))
    if Client.objects.filter(user__email=wanted).exclude(pk=client.pk).exists():
        raise CannotReaddress(_("Someone with this e-mail is already a client here."))


def _write_down(client: Client, wanted: str, now: datetime) -> None:
    """Let the client be who has this address."""
    former, alone = client.user, _is_alone(client)
    if alone and not User.objects.filter(email=wanted).exists():
        former.email, former.email_bounced_at = wanted, None
        try:
            with transaction.atomic():
                former.save(update_fields=["email", "email_bounced_at"])
        except IntegrityError:  # someone else was quicker
            raise CannotReaddress(_("Try again in a moment.")) from None
        return
    details = ClientDetails(name=client.name, email=wanted, zone=client.zone, language=client.language)
    client.user = person_for(practice=client.practice, details=details)
    client.save(update_fields=["user"])
    if alone:  # nobody is meant by the wrong one any more
        former.email, former.is_active = None, False
        former.save(update_fields=["email", "is_active"])
    client_user_changed.send(Client, client=client, former=former, now=now)


def _is_alone(client: Client) -> bool:
    """Whether the client's user was made for this record: known nowhere else, never signed in."""
    user = client.user
    invited = StaffInvitation.objects.filter(user=user).exists()
    return not (user.activated_at or user.is_superuser or invited or sits_elsewhere(client))
