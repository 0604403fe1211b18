"""A forgotten password: a mailed link, thirty minutes, once. It signs nobody in: a second factor is still asked for."""

from datetime import datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from practice.accounts.devices import end_sessions
from practice.accounts.mailing import mail_new_password
from practice.accounts.telling import tell_of_change
from practice.people.models import User

GOOD_FOR = timedelta(minutes=30)  # settings.PASSWORD_RESET_TIMEOUT is the same


class LinkOver(Exception):
    """The link was used this moment, or its time ended."""


def request_reset(*, email: str, now: datetime) -> bool:
    """Mail a link to whoever has a password and has proven this address; returns whether there was someone."""
    known = User.objects.filter(email=email.strip().lower(), is_active=True, activated_at__isnull=False)
    user = known.filter(email_proven_at__isnull=False).first()
    if user is None or not user.has_usable_password():
        return False
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("account_new_password", args=[uid, default_token_generator.make_token(user)])
    mail_new_password(user=user, path=path, now=now, until=now + GOOD_FOR)
    return True


def whose_link(*, uid: str, token: str) -> User | None:
    """Return the user whose password this link changes; None when it is over, was used, or never was."""
    try:
        user_id = int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        return None
    if user_id.bit_length() > 62:
        return None
    user = User.objects.filter(pk=user_id, is_active=True, activated_at__isnull=False).first()
    return user if user is not None and default_token_generator.check_token(user, token) else None


@transaction.atomic
def reset_password(*, user: User, token: str, password: str, now: datetime, address: str | None = None) -> None:
    """Give the user another password. Every session ends, and so does the link: it is bound to the old password.

    Locks the user, so that of two who use one link at one moment the second is told. Raises LinkOver.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not default_token_generator.check_token(user, token):
        raise LinkOver
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)
    tell_of_change(user=user, what="password_changed", now=now, address=address)
