"""A change of how someone signs in: a row in the trail of each of their practices, and a mail to them.

Who belongs to no practice (who runs the installation) has the trail without a practice, and a mail that says only that
something changed: words of its own need a key, and keys belong to practices.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.accounts.mailing import home_of, homes_of, sealed_words
from practice.audit import record
from practice.clock.zones import zone
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import NO_PRACTICE, Channel
from practice.people.models import User
from practice.tenancy import every_practice

KIND = "security"
CHANGES: dict[str, tuple[Any, Any]] = {
    "app_added": (_("set up an authenticator app"), _("An authenticator app was set up.")),
    "app_removed": (_("removed their authenticator app"), _("The authenticator app was removed.")),
    "passkey_added": (_("added a passkey"), _("A passkey was added.")),
    "passkey_removed": (_("removed a passkey"), _("A passkey was removed.")),
    "codes_made": (_("made new recovery codes"), _("New recovery codes were made. The old ones no longer work.")),
    "code_used": (_("used a recovery code"), _("Someone used one of your recovery codes.")),
    "factors_reset": (
        _("reset someone's second factors"),
        _("Your second factors were removed for you, because someone asked your practice to do so."),
    ),
    "password_changed": (_("changed their password"), _("Your password was set or changed.")),
    "email_asked": (_("asked for another e-mail address"), ""),
    "email_changed": (
        _("changed their e-mail address"),
        _("You sign in with another e-mail address now. This one no longer opens anything."),
    ),
    "email_lost": (_("noted that someone else proved an address to be theirs"), ""),
    "mailbox_lost": (
        _("noted that someone lost their mailbox"),
        _("Nobody signs in by mails to this address any more, because someone asked your practice to stop it."),
    ),
    "signed_out_device": (_("signed out one device"), ""),
    "signed_out_everywhere": (_("signed out everywhere"), _("You were signed out on all your devices.")),
}


def tell_of_change(
    *,
    user: User,
    what: str,
    now: datetime,
    by: User | None = None,
    by_operator: bool = False,
    address: str | None = None,
    mail: bool = True,
    to: str = "",
    practice_id: int | None = None,
) -> None:
    """Write to the trail of their practices and mail the user, or their former address (`to`). Joins the transaction.

    `by` is who did it when it wasn't the user; `by_operator`: somebody at the server, who has no account.
    `practice_id` is one that counts although they have no seat there yet.
    """
    who = None if by_operator else by or user
    record_change(user=user, what=what, now=now, by=who, address=address, practice_id=practice_id)
    if mail and (to or user.email):
        _mail(user, what, now, to)


def record_change(
    *,
    user: User,
    what: str,
    now: datetime,
    by: User | None = None,
    address: str | None = None,
    practice_id: int | None = None,
) -> None:
    """Write to the trail of each practice of theirs; to the installation's own for who belongs to none."""
    homes: set[int | None] = {*homes_of(user), *([practice_id] if practice_id else [])}
    with every_practice("one person may belong to several practices"):
        for home_id in homes or {None}:
            record(what, practice_id=home_id, by=by, now=now, subject=user, address=address)


def _mail(user: User, what: str, now: datetime, to: str) -> None:
    home = home_of(user)
    context = {
        "name": user.first_name,
        "what": CHANGES[what][1],
        "when": now.astimezone(zone(user.zone)).strftime("%Y-%m-%d %H:%M"),
        "link": "" if to else settings.PUBLIC_URL + reverse("account_security"),
    }
    words = sealed_words("account/mail/security.txt", context, language=user.language, to=to)
    with every_practice("one person may belong to several practices"):
        enqueue(
            kind=KIND,
            user_ids=[user.pk],
            practice_id=home or NO_PRACTICE,
            subject_type="user",
            subject_id=user.pk,
            generation=int(now.timestamp() * 1000) % 2_000_000_000,
            now=now,
            payload=words if home else None,
            channels=[Channel.EMAIL],
        )


@receiver(authenticator_used)
def tell_of_a_used_code(user: User, authenticator: Authenticator, request: Any, **_: Any) -> None:
    """Tell whoever's recovery code was used: it is rare, and it may not have been them."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell_of_change(user=user, what="code_used", now=timezone.now(), address=request.META.get("REMOTE_ADDR"))
