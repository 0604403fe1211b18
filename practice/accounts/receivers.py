"""What the doors do when something is announced."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from practice.accounts.inviting import note_bounce
from practice.notifications.events import bounced


@receiver(bounced)
def show_bounce(kind: str, subject_id: int, now: datetime, **_: Any) -> None:
    """A server refused the address of an invitation for good."""
    if kind == "staff_invitation":
        note_bounce(invitation_id=subject_id, now=now)
