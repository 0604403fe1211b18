"""What became of the last test mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from practice.contributions import NOTIFICATION_KINDS
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import User

TAKEN = (NotificationStatus.ACCEPTED, NotificationStatus.DELIVERED)
WAITING = (NotificationStatus.READY, NotificationStatus.LEASED)


@dataclass(frozen=True)
class MailState:
    """How far the mail came, in words and a tone; `why` is the server's own word."""

    words: Any
    tone: str
    at: datetime
    why: str = ""


def mail_state(*, user: User) -> MailState | None:
    """Return how far this person's last test mail came; None when they never asked for one. One query."""
    kind = NOTIFICATION_KINDS["test_mail"].number
    row = Notification.objects.filter(user=user, kind=kind).order_by("-pk").first()
    if row is None:
        return None
    if row.status in TAKEN:
        return MailState(_("The mail server took it."), "teal", row.created_at)
    if row.status in WAITING and not row.last_error:
        return MailState(_("On its way …"), "plum", row.created_at)
    words = _("Not taken yet; it is tried again.") if row.status in WAITING else _("The mail server refused it.")
    return MailState(words, "clay", row.created_at, row.last_error)
