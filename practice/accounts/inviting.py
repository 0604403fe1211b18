"""Inviting someone to a practice's staff: a single-use link, seven days, of which only the hash is kept."""

import secrets
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from practice.accounts.founding import find_or_make_user, give_seat
from practice.accounts.linking import hash_of
from practice.accounts.mailing import mail_staff_invitation
from practice.accounts.models import StaffInvitation
from practice.accounts.proving import is_proven, prove_email
from practice.audit import record
from practice.notifications.suppressing import suppress
from practice.people.models import Membership, Practice, Role, User
from practice.tenancy import scope

GOOD_FOR = timedelta(days=7)


class CannotInvite(Exception):
    """Why nobody is invited; the message is for the page."""


class CannotJoin(Exception):
    """Why this invitation no longer opens the door; the message is for the page."""


@transaction.atomic
def invite_member(
    *, practice: Practice, email: str, name: str, roles: list[Role], by: User | None, now: datetime, mail: bool = True
) -> tuple[StaffInvitation, str]:
    """Return a new invitation and the path of its link, mailed unless `mail` is False. An earlier link stops working.

    Raises CannotInvite for who works here already, and without a role.
    """
    if not roles:
        raise CannotInvite(_("Choose at least one role."))
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    user = find_or_make_user(practice=practice, email=email, name=name)
    if Membership.objects.filter(practice=practice, user=user, is_active=True).exists():
        raise CannotInvite(_("This person works here already."))
    _end(StaffInvitation.objects.filter(practice=practice, user=user), now=now)
    token = secrets.token_urlsafe(32)
    invitation = StaffInvitation.objects.create(
        practice=practice,
        user=user,
        name=name.strip(),
        email=email.strip().lower(),
        roles=[role.value for role in roles],
        token_hash=hash_of(token),
        sent_by=by,
        sent_at=now,
        expires_at=now + GOOD_FOR,
    )
    path = f"/join/{token}/"
    if mail:
        mail_staff_invitation(invitation=invitation, path=path, now=now)
    with scope(practice=practice):
        record("staff_invited", practice_id=practice.pk, by=by, now=now, subject=invitation)
    return invitation, path


@transaction.atomic
def send_again(*, invitation: StaffInvitation, by: User, now: datetime) -> StaffInvitation:
    """Return a new invitation in place of this one, to the same person with the same roles. Raises CannotInvite."""
    invitation = (
        StaffInvitation.objects.select_for_update(of=("self",)).select_related("practice", "user").get(pk=invitation.pk)
    )
    if invitation.accepted_at or invitation.withdrawn_at:
        raise CannotInvite(_("This invitation is over."))
    fresh, _path = invite_member(
        practice=invitation.practice,
        email=invitation.user.email or invitation.email,
        name=invitation.name,
        roles=[Role(role) for role in invitation.roles],
        by=by,
        now=now,
    )
    return fresh


@transaction.atomic
def withdraw_invitation(*, invitation: StaffInvitation, by: User, now: datetime) -> None:
    """Let the link stop working, and the mail too if it has not left. Doing it twice changes nothing."""
    rows = StaffInvitation.objects.filter(pk=invitation.pk)
    if _end(rows, now=now):
        with scope(practice=invitation.practice_id):
            record("invitation_withdrawn", practice_id=invitation.practice_id, by=by, now=now, subject=invitation)


def find_invitation(*, token: str, now: datetime) -> StaffInvitation:
    """Return the invitation that this link opens, with its people and practice. Changes nothing. Raises CannotJoin."""
    rows = StaffInvitation.objects.select_related("practice", "user", "sent_by")
    invitation = rows.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise CannotJoin(_("This link isn't complete. Copy the whole link from the e-mail."))
    if invitation.accepted_at:
        raise CannotJoin(_("You have used this link already. Sign in instead."))
    if invitation.withdrawn_at:
        raise CannotJoin(_("This invitation was withdrawn or replaced by a newer one."))
    if invitation.email != invitation.user.email:
        raise CannotJoin(_("This link went to another address. Ask for a new one."))
    if now >= invitation.expires_at:
        raise CannotJoin(_("This link was good for seven days. Ask for a new one."))
    return invitation


def note_opened(*, invitation: StaffInvitation, now: datetime) -> None:
    """Remember that a person, not a mail scanner, opened the link."""
    StaffInvitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(opened_at=now)


def needs_password(invitation: StaffInvitation) -> bool:
    """Return whether the person chooses a password to join; who has one already signs in with it instead."""
    return not (is_proven(invitation.user) and invitation.user.has_usable_password())


@transaction.atomic
def join_practice(*, token: str, password: str | None, now: datetime) -> Membership:
    """Return the new membership. The link is used up; with a password that is theirs from now on.

    `password` is None for who has one: the caller has made sure that they are signed in. Raises CannotJoin.
    """
    found = find_invitation(token=token, now=now)
    invitation = StaffInvitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise CannotJoin(_("You have used this link already. Sign in instead."))
    user = User.objects.select_for_update().get(pk=found.user_id)
    if password is None and needs_password(found):
        raise CannotJoin(_("Choose a password first."))
    prove_email(user=user, now=now)
    if password is not None:
        user.set_password(password)
    if user.activated_at is None:
        user.activated_at, user.name = now, invitation.name
    user.save(update_fields=["password", "activated_at", "name"])
    invitation.opened_at, invitation.accepted_at = invitation.opened_at or now, now
    invitation.save(update_fields=["opened_at", "accepted_at"])
    roles = [Role(role) for role in invitation.roles]
    return give_seat(practice=found.practice, user=user, roles=roles, now=now, by=user)


def note_bounce(*, invitation_id: int, now: datetime) -> None:
    """Remember that the address refused the invitation."""
    StaffInvitation.objects.filter(pk=invitation_id, accepted_at__isnull=True).update(bounced_at=now)


def _end(rows: "models.QuerySet[StaffInvitation]", *, now: datetime) -> int:
    open_ones = rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    ended = {row.pk: row.practice_id for row in open_ones}
    for pk, practice_id in ended.items():
        with scope(practice=practice_id):
            suppress(subject_type="staff_invitation", subject_ids=[pk], reason="withdrawn", now=now)
    return open_ones.update(withdrawn_at=now)
