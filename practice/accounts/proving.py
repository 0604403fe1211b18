"""Whose an address is: proven by opening an invitation that was mailed there.

Someone can come in by a code in the room under an address that nobody has checked. When the owner of that address is
later invited elsewhere and opens the mail, whatever was set up before the proof ends: it may be someone else's.
"""

from datetime import datetime

from django.db import transaction

from practice.accounts.devices import end_sessions
from practice.accounts.events import access_reset
from practice.accounts.models import SignInLink
from practice.people.models import User


@transaction.atomic
def prove_email(*, user: User, now: datetime) -> bool:
    """Note that the address is the person's own; return whether what was set up before had to end.

    Then every session and password of theirs stops working, and `access_reset` is sent for other ways in.
    """
    if user.email_proven_at is not None:
        return False
    had_access = user.activated_at is not None
    user.email_proven_at, user.email_bounced_at = now, None
    if had_access:
        user.set_unusable_password()  # sessions carry a hash of it
        end_sessions(user=user)
        SignInLink.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
        access_reset.send(User, user=user, now=now)
    user.save(update_fields=["email_proven_at", "email_bounced_at", "password"])
    return had_access


def is_proven(user: User) -> bool:
    """Return whether the person is in, and by an address that is theirs."""
    return user.activated_at is not None and user.email_proven_at is not None
