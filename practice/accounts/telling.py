"""A change of how someone signs in: a row in the trail of each of their practices, and a mail to them."""

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
from practice.notifications.models import Channel
from practice.people.models import User

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
    "signed_out_device": (_("signed out one device"), ""),
    "signed_out_everywhere": (_("signed out everywhere"), _("You were signed out on all your devices.")),
}


def tell_of_change(
    *,
    user: User,
    what: str,
    now: datetime,
    by: User | None = None,
    address: str | None = None,
    mail: bool = True,
    practice_id: int | None = None,
) -> None:
    """Write to the trail of their practices and mail the user. Joins the transaction.

    `by` is who did it when it wasn't the user; `practice_id` is one that counts although they have no seat there yet.
    """
    for home_id in {*homes_of(user), *([practice_id] if practice_id else [])}:
        record(what, practice_id=home_id, by=by or user, now=now, subject=user, address=address)
    home = home_of(user)
    if not mail or home is None:
        return
    context = {
        "name": user.first_name,
        "what": CHANGES[what][1],
        "when": now.astimezone(zone(user.zone)).strftime("%Y-%m-%d %H:%M"),
        "link": settings.PUBLIC_URL + reverse("account_security"),
    }
    enqueue(
        kind=KIND,
        user_ids=[user.pk],
        practice_id=home,
        subject_type="user",
        subject_id=user.pk,
        generation=int(now.timestamp() * 1000) % 2_000_000_000,
        now=now,
        payload=sealed_words("account/mail/security.txt", context, language=user.language),
        channels=[Channel.EMAIL],
    )


@receiver(authenticator_used)
def tell_of_a_used_code(user: User, authenticator: Authenticator, request: Any, **_: Any) -> None:
    """Tell whoever's recovery code was used: it is rare, and it may not have been them."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        tell_of_change(user=user, what="code_used", now=timezone.now(), address=request.META.get("REMOTE_ADDR"))
