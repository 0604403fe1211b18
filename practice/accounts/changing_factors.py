"""Setting up, replacing and removing second factors. Each change is told to its owner and written to the trail.

Who may do it now (a fresh proof that it is them) is the door's business: `practice.accounts.confirming`.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from practice.accounts.second_factors import factors_of
from practice.accounts.telling import tell_of_change
from practice.people.models import User
from practice.permissions.second_factor import is_owed

CODES = Authenticator.Type.RECOVERY_CODES


class CannotRemove(Exception):
    """Why a second factor stays; the message is for the page."""


@transaction.atomic
def set_up_app(*, user: User, secret: str, now: datetime, address: str | None = None) -> None:
    """Let codes of this secret sign in from now on; an app that was set up before no longer does.

    Recovery codes are made with the first second factor.
    """
    _locked(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    tell_of_change(user=user, what="app_added", now=now, address=address)


@transaction.atomic
def add_passkey(
    *, user: User, name: str, credential: dict[str, Any], now: datetime, address: str | None = None
) -> Authenticator:
    """Return the new passkey. Its credential has been checked. Recovery codes are made with the first second factor."""
    _locked(user)
    passkey: Authenticator = WebAuthn.add(user, name[:80], credential).instance
    RecoveryCodes.activate(user)
    tell_of_change(user=user, what="passkey_added", now=now, address=address)
    return passkey


@transaction.atomic
def rename_passkey(*, passkey: Authenticator, name: str) -> Authenticator:
    """Return the passkey under another name."""
    passkey.data["name"] = name[:80]
    passkey.save(update_fields=["data"])
    return passkey


@transaction.atomic
def remove_factor(*, factor: Authenticator, now: datetime, address: str | None = None) -> None:
    """Remove an app or a passkey; recovery codes go with the last one.

    Raises CannotRemove for the last one of someone who needs one.
    """
    user: User = _locked(factor.user)
    if factors_of(user).count < 2 and is_owed(user, {}):
        raise CannotRemove(_("This is your only one. Add another first, then remove this."))
    what = "app_removed" if factor.type == Authenticator.Type.TOTP else "passkey_removed"
    factor.delete()
    if not factors_of(user).any:
        Authenticator.objects.filter(user=user).delete()
    tell_of_change(user=user, what=what, now=now, address=address)


@transaction.atomic
def renew_codes(*, user: User, now: datetime, address: str | None = None) -> None:
    """Make new recovery codes; the old ones stop working."""
    _locked(user)
    Authenticator.objects.filter(user=user, type=CODES).delete()
    RecoveryCodes.activate(user)
    tell_of_change(user=user, what="codes_made", now=now, address=address)


@transaction.atomic
def keep_codes(*, user: User) -> None:
    """Note that the codes were kept by their owner: they are never shown again."""
    codes = Authenticator.objects.select_for_update().filter(user=user, type=CODES).first()
    if codes is not None:
        codes.wrap().mark_as_viewed()


@transaction.atomic
def reset_factors(*, user: User, now: datetime, by: User | None) -> int:
    """Remove all second factors of someone who lost them; returns how many. Their owner is told.

    `by` is None for somebody at the server, who has no account.
    """
    _locked(user)
    gone, _counts = Authenticator.objects.filter(user=user).delete()
    tell_of_change(user=user, what="factors_reset", now=now, by=by, by_operator=by is None)
    return int(gone)


def _locked(user: User) -> User:
    """Two changes of one person's second factors wait for each other."""
    return User.objects.select_for_update().get(pk=user.pk)
