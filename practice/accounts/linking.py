"""Sign-in links: single use, thirty minutes, with a code in the same mail. Only hashes are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from practice.accounts.mailing import mail_sign_in
from practice.accounts.models import SignInLink
from practice.people.models import User
from practice.permissions.seats import has_desk

GOOD_FOR = timedelta(minutes=30)
MOST_TRIES = 5


class CannotSignIn(Exception):
    """Why a link or code no longer works; the message is for the page."""


@transaction.atomic
def request_link(*, email: str, next_path: str, now: datetime) -> SignInLink | None:
    """Return the link that was mailed; None for an address that can't sign in this way, which looks alike outside.

    Staff need their password; who hasn't accepted an invitation yet can't sign in, nor can an address that nobody has
    proven to be theirs: it may be mistyped, and a stranger's. Earlier links stop working.
    """
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06d}"
    code_hash = _code_hash(code, hash_of(token))
    user = User.objects.filter(email=email.strip().lower(), is_active=True, activated_at__isnull=False).first()
    if user is None or not _may(user):
        return None
    SignInLink.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
    link = SignInLink.objects.create(
        user=user,
        token_hash=hash_of(token),
        code_hash=code_hash,
        next_path=next_path[:500],
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    path = f"/accounts/link/{token}/"
    mail_sign_in(user=user, kind="sign_in", path=path, code=code, now=now, until=link.expires_at)
    return link


def find_link(*, token: str, now: datetime) -> SignInLink:
    """Return the link that this address opens. Changes nothing. Raises CannotSignIn."""
    link = SignInLink.objects.select_related("user").filter(token_hash=hash_of(token)).first()
    if link is None or link.used_at or now >= link.expires_at or not _may(link.user):
        raise CannotSignIn(_("This link has been used or is older than 30 minutes. Ask for a new one."))
    return link


@transaction.atomic
def use_link(*, token: str, now: datetime) -> SignInLink:
    """Return the link, used up: its user may be signed in. Raises CannotSignIn."""
    find_link(token=token, now=now)
    link = SignInLink.objects.select_for_update(of=("self",)).select_related("user").get(token_hash=hash_of(token))
    return _used(link, now)


def use_code(*, link_id: int | None, code: str, now: datetime) -> SignInLink:
    """Return the link of this browser's request, used up by the code of its mail. Raises CannotSignIn.

    A wrong try is counted although the answer is an error; after five the link is dead.
    """
    wrong = CannotSignIn(_("That code doesn't fit. Look for the newest e-mail, or ask for a new link."))
    with transaction.atomic():
        rows = SignInLink.objects.select_for_update(of=("self",)).select_related("user")
        link = rows.filter(pk=link_id or 0, used_at__isnull=True, expires_at__gt=now).first()
        if link is None or link.tries >= MOST_TRIES or not _may(link.user):
            raise wrong
        if constant_time_compare(link.code_hash, _code_hash(code.strip().replace(" ", ""), link.token_hash)):
            return _used(link, now)
        link.tries += 1
        link.save(update_fields=["tries"])
    raise wrong


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _used(link: SignInLink, now: datetime) -> SignInLink:
    if link.used_at:
        raise CannotSignIn(_("This link has been used. Ask for a new one."))
    link.used_at = now
    link.save(update_fields=["used_at"])
    return link


def _may(user: User) -> bool:
    is_in = user.is_active and user.activated_at and user.email_proven_at
    return bool(is_in and not user.is_superuser and not has_desk(user))


def _code_hash(code: str, token_hash: str) -> str:
    return salted_hmac("practice.accounts.linking" + token_hash, code, secret=settings.SECRET_KEY).hexdigest()
