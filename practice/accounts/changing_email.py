"""Another address for someone: asked for, confirmed by a mail that went there, told at the old one.

Nothing changes until it is confirmed, and two things confirm it together: the link or code of the mail says whose the
address is, being signed in says who the person is. So a mistyped address gives a stranger nothing. An address that
somebody else signs in with is answered like any other; its owner alone is told. A client who came in under an address
that they never proved doesn't own it: whoever proves it takes it from them.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from practice.accounts.events import email_changed
from practice.accounts.linking import hash_of
from practice.accounts.mailing import home_of, mail_email_taken, mail_new_email
from practice.accounts.models import EmailChange, SignInLink
from practice.accounts.telling import record_change, tell_of_change
from practice.people.models import User
from practice.permissions.seats import has_desk

GOOD_FOR = timedelta(days=1)
SUGGESTED_GOOD_FOR = timedelta(days=7)
MOST_TRIES = 5


class CannotConfirm(Exception):
    """Why this link or code changes nothing; the message is for the page."""


class CannotGive(Exception):
    """Why somebody at the server gives nobody this address; the message is for them."""


@transaction.atomic
def ask_for_email(*, user: User, email: str, by: User, now: datetime, address: str | None = None) -> EmailChange:
    """Return the change that waits to be confirmed; a mail is on its way to the new address. Earlier ones are over.

    `by` is themself, or who wrote the address down for them, whose name the mail says and who keeps the trail.
    The same for an address that somebody else has, whose owner is told that somebody asked.
    """
    user = _locked(user)
    wanted, token, code = tidy(email), secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06d}"
    _open_ones(user).update(ended_at=now)
    change = EmailChange.objects.create(
        user=user,
        email=wanted,
        token_hash=hash_of(token),
        code_hash=_code_hash(code, hash_of(token)),
        asked_by=by,
        asked_at=now,
        expires_at=now + (GOOD_FOR if by == user else SUGGESTED_GOOD_FOR),
    )
    owner = _owner_of(wanted, other_than=user)
    if owner is not None and not _gives_way(owner):
        mail_email_taken(user=owner, now=now, until=change.expires_at)
    else:
        mail_new_email(change=change, path=f"/accounts/security/email/{token}/", code=code, now=now)
    if by == user:
        record_change(user=user, what="email_asked", now=now, by=user, address=address)
    return change


def waiting_change(user: User, *, now: datetime) -> EmailChange | None:
    """Return the change that this person can still confirm, if there is one. One query."""
    return _open_ones(user).filter(expires_at__gt=now).select_related("asked_by").first()


def find_change(*, user: User, token: str, now: datetime) -> EmailChange:
    """Return the person's change that this link opens. Changes nothing. Raises CannotConfirm, also for another's."""
    change = waiting_change(user, now=now)
    if change is None or not constant_time_compare(change.token_hash, hash_of(token)):
        raise CannotConfirm(_("This link is over, or was meant for someone else. Ask for a new one."))
    return change


@transaction.atomic
def confirm_by_link(*, user: User, token: str, now: datetime, address: str | None = None) -> User:
    """Return the person with the new address. The link is used up. Raises CannotConfirm."""
    user = _locked(user)
    return _confirmed(find_change(user=user, token=token, now=now), user, now, address)


def confirm_by_code(*, user: User, code: str, now: datetime, address: str | None = None) -> User:
    """Return the person with the new address, by the code of the mail.

    A wrong try is counted although the answer is an error; after five only the link is left. Raises CannotConfirm.
    """
    wrong = CannotConfirm(_("That code doesn't fit. Look for the newest e-mail, or ask for a new one."))
    with transaction.atomic():
        user = _locked(user)
        change = waiting_change(user, now=now)
        if change is None or change.tries >= MOST_TRIES:
            raise wrong
        typed = _code_hash(code.strip().replace(" ", ""), change.token_hash)
        if constant_time_compare(change.code_hash, typed):
            return _confirmed(change, user, now, address)
        change.tries += 1
        change.save(update_fields=["tries"])
    raise wrong


@transaction.atomic
def take_back(*, user: User, now: datetime) -> None:
    """Let the link and the code that wait stop working. Doing it twice changes nothing."""
    _open_ones(_locked(user)).update(ended_at=now)


@transaction.atomic
def give_up_address(*, user: User, now: datetime) -> None:
    """Take the address as proven no longer: what is mailed there opens nothing from now on. Their owner is told.

    For somebody at the server. Until they confirm an address a therapist may show them a code, and write one down.
    """
    user = _locked(user)
    tell_of_change(user=user, what="mailbox_lost", now=now, by_operator=True)
    user.email_proven_at = None
    user.save(update_fields=["email_proven_at"])
    SignInLink.objects.filter(user=user, used_at__isnull=True).update(used_at=now)


@transaction.atomic
def give_email(*, user: User, email: str, now: datetime) -> User:
    """Return the person with another address, not proven to be theirs: no mail carries a link to who has no practice.

    For somebody at the server. Raises CannotGive for anybody who can change it themselves, and for an address that is
    none or somebody else's. It stands in the trail, and a mail says that something changed.
    """
    user, wanted = _locked(user), tidy(email)
    if home_of(user) is not None:
        raise CannotGive("They belong to a practice: they change their address themselves, under Signing in.")
    try:
        validate_email(wanted)
    except ValidationError:
        raise CannotGive("This is no e-mail address.") from None
    if _owner_of(wanted, other_than=user) is not None:
        raise CannotGive("Somebody else has this address.")
    user.email, user.email_proven_at, user.email_bounced_at = wanted, None, None
    user.save(update_fields=["email", "email_proven_at", "email_bounced_at"])
    EmailAddress.objects.filter(user=user).delete()
    tell_of_change(user=user, what="email_changed", now=now, by_operator=True)
    return user


def note_bounce(*, change_id: int, now: datetime) -> None:
    """Remember that the new address refused the mail."""
    EmailChange.objects.filter(pk=change_id, ended_at__isnull=True).update(bounced_at=now)


def changes_that_wait(ids: Collection[int]) -> Collection[int]:
    """Return those of the changes that can still be confirmed: a mail about another is not sent any more."""
    return list(EmailChange.objects.filter(pk__in=ids, ended_at__isnull=True).values_list("pk", flat=True))


def tidy(email: str) -> str:
    """Return an address as it is kept."""
    return email.strip().lower()


def _confirmed(change: EmailChange, user: User, now: datetime, address: str | None) -> User:
    rows = User.objects.select_for_update().filter(email=change.email).exclude(pk=user.pk)
    holder = rows.first()
    if holder is not None and not _gives_way(holder):  # meanwhile, or all along
        raise CannotConfirm(_("This link is over, or was meant for someone else. Ask for a new one."))
    if holder is not None:
        _lose(holder, now)
    change.confirmed_at = change.ended_at = now
    change.save(update_fields=["confirmed_at", "ended_at"])
    former = user.email or ""
    user.email, user.email_proven_at, user.email_bounced_at = change.email, now, None
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_proven_at", "email_bounced_at"])
    except IntegrityError:  # someone else confirmed it this moment
        raise CannotConfirm(_("This link is over, or was meant for someone else. Ask for a new one.")) from None
    EmailAddress.objects.filter(user=user).delete()  # the library would go on signing in by what it noted there
    SignInLink.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
    email_changed.send(User, user=user, now=now)
    tell_of_change(user=user, what="email_changed", now=now, address=address, to=former, mail=bool(former))
    return user


def _gives_way(holder: User) -> bool:
    """Whether they never proved the address they came in under. Staff, and who has not come in yet, keep theirs."""
    is_settled = holder.email_proven_at or holder.is_superuser or holder.activated_at is None
    return not (is_settled or has_desk(holder))


def _lose(holder: User, now: datetime) -> None:
    """Nobody is told by mail: the mail would go to whoever proved that the address is theirs."""
    holder.email, holder.email_bounced_at = None, None
    holder.save(update_fields=["email", "email_bounced_at"])
    EmailAddress.objects.filter(user=holder).delete()
    email_changed.send(User, user=holder, now=now)
    record_change(user=holder, what="email_lost", now=now)


def _open_ones(user: User) -> "models.QuerySet[EmailChange]":
    return EmailChange.objects.filter(user=user, ended_at__isnull=True)


def _owner_of(email: str, *, other_than: User) -> User | None:
    return User.objects.filter(email=email).exclude(pk=other_than.pk).first()


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _code_hash(code: str, token_hash: str) -> str:
    salt, key = "practice.accounts.changing_email" + token_hash, settings.SECRET_KEY
    return salted_hmac(salt, code, secret=key, algorithm="sha256").hexdigest()
