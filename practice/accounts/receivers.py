"""What the doors do when something is announced."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from practice.accounts import changing_email
from practice.accounts.changing_factors import reset_factors
from practice.accounts.events import access_reset
from practice.accounts.inviting import note_bounce
from practice.notifications.events import bounced
from practice.people.models import User


@receiver(bounced)
def show_bounce(kind: str, subject_id: int, now: datetime, **_: Any) -> None:
    """A server refused the address of an invitation, or one that was to be confirmed, for good."""
    if kind == "staff_invitation":
        note_bounce(invitation_id=subject_id, now=now)
    elif kind == "new_email":
        changing_email.note_bounce(change_id=subject_id, now=now)


@receiver(access_reset)
def forget_factors(user: User, now: datetime, **_: Any) -> None:
    """A passkey or app that was set up before the address was proven may be someone else's."""
    reset_factors(user=user, by=user, now=now)
