"""Inviting a client by e-mail: a single-use link that lives seven days, of which only the hash is kept."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.domain.reaching import recompute_channels
from clients.domain.telling import tell_invitation
from clients.models import Client, Invitation
from practice.accounts.linking import hash_of
from practice.accounts.proving import prove_email
from practice.audit import record
from practice.notifications.suppressing import suppress
from practice.people.models import User
from practice.tenancy import every_practice, scope

GOOD_FOR = timedelta(days=7)


class CannotInvite(Exception):
    """Why no invitation goes out; the message is for the page."""


class CannotAccept(Exception):
    """Why this invitation no longer opens the door; the message is for the page."""


@transaction.atomic
def invite(*, client: Client, by: User, now: datetime) -> Invitation:
    """Return a new invitation, mailed to the client's address. Earlier links stop working. Raises CannotInvite."""
    user = client.user
    if client.has_ended:
        raise CannotInvite(_("Treatment has ended. Restore the client first."))
    if not user.email:
        raise CannotInvite(_("There is no e-mail address. Show a code in the room instead."))
    token = secrets.token_urlsafe(32)
    with scope(practice=client.practice_id):
        older = Invitation.objects.filter(client=client, replaced_at__isnull=True)
        suppress(subject_type="invitation", subject_ids=[row.pk for row in older], reason="replaced", now=now)
        older.update(replaced_at=now)
        invitation = Invitation.objects.create(
            practice_id=client.practice_id,
            client=client,
            email=user.email,
            token_hash=hash_of(token),
            sent_by=by,
            sent_at=now,
            expires_at=now + GOOD_FOR,
        )
        tell_invitation(client=client, invitation=invitation, token=token, now=now)
        record(
            "invitation_sent", practice_id=client.practice_id, by=by, now=now, client_id=client.pk, subject=invitation
        )
    return invitation


def find_invitation(*, token: str, now: datetime) -> Invitation:
    """Return the invitation that this link opens, with client and practice. Changes nothing.

    Raises CannotAccept with the reason: unknown, used, replaced by a newer one, too old, sent to an address that is
    no longer theirs, or the client was archived.
    """
    with every_practice("a link from a mail says no practice"):
        rows = Invitation.objects.select_related("client__user", "client__therapist", "practice")
        invitation: Invitation | None = rows.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise CannotAccept(_("This link isn't complete. Copy the whole link from the e-mail."))
    _check(invitation, now)
    return invitation


def _check(invitation: Invitation, now: datetime) -> None:
    if invitation.accepted_at:
        raise CannotAccept(_("You have used this link already. Sign in instead."))
    if invitation.client.has_ended:
        raise CannotAccept(_("This invitation is no longer open. Ask the practice."))
    if invitation.replaced_at:
        raise CannotAccept(_("A newer invitation was sent to you. Open the newest e-mail."))
    if invitation.email != invitation.client.user.email:
        raise CannotAccept(_("This link went to another address. Ask your therapist to send a new one."))
    if now >= invitation.expires_at:
        raise CannotAccept(_("This link was good for seven days. Ask your therapist to send a new one."))


@transaction.atomic
def accept(*, token: str, now: datetime) -> Client:
    """Return the client, who may sign in from now on. The link is used up. Raises CannotAccept.

    Locks the client first, as those do who archive them or correct their address, then looks at the link once more.
    """
    found = find_invitation(token=token, now=now)
    with scope(practice=found.practice_id):
        Client.objects.select_for_update(of=("self",)).get(pk=found.client_id)
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("client__user", "client__therapist")
        invitation = rows.get(pk=found.pk)
        _check(invitation, now)
        invitation.opened_at = invitation.opened_at or now
        invitation.accepted_at = now
        invitation.save(update_fields=["opened_at", "accepted_at"])
        client = invitation.client
        user = User.objects.select_for_update().get(pk=client.user_id)
        prove_email(user=user, now=now)
        user.email_bounced_at = None
        client.user = user
        join(client=client, now=now)
        record("invitation_accepted", practice_id=client.practice_id, by=user, now=now, client_id=client.pk)
    return client


def join(*, client: Client, now: datetime) -> None:
    """Open the portal of this practice to the client, who may sign in from now on. Joins the caller's transaction."""
    user = client.user
    user.activated_at = user.activated_at or now
    user.save(update_fields=["activated_at", "email_bounced_at"])
    client.joined_at = client.joined_at or now
    client.save(update_fields=["joined_at"])
    recompute_channels(client=client)


@transaction.atomic
def note_bounce(*, user_id: int, practice_id: int, address: str, now: datetime) -> None:
    """Remember that a client's address refuses mail: the invitation shows it, and no more e-mail goes there.

    An address that is no longer theirs, or not theirs yet, says nothing about the one they have.
    """
    if not User.objects.filter(pk=user_id, email=address).exists():
        return
    User.objects.filter(pk=user_id, email_bounced_at=None).update(email_bounced_at=now)
    with scope(practice=practice_id):
        client = Client.objects.filter(user_id=user_id).select_related("user").first()
        if client is None:
            return
        waiting = Invitation.objects.filter(client=client, accepted_at__isnull=True, replaced_at__isnull=True)
        waiting.filter(bounced_at__isnull=True).update(bounced_at=now)
        recompute_channels(client=client)
