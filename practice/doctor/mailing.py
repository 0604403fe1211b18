"""Really sends one mail, through the outbox and its worker like every other, and waits for what becomes of it."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from practice.contributions import Finding
from practice.contributions.checks import fail, fine
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel, Notification, NotificationStatus
from practice.people.models import Membership
from practice.tenancy import scope

KIND: Final = "test_mail"
SUBJECT: Final = "A test from Rapport"
TEXT: Final = "This mail shows that your Rapport can send mail. Nobody needs to answer it.\n"
LASTS: Final = timedelta(minutes=10)
OVER: Final = {NotificationStatus.BOUNCED, NotificationStatus.DEAD, NotificationStatus.SUPPRESSED}


def send_test_mail(
    *, address: str, now: datetime, seconds: float = 60.0, sleep: Callable[[float], None] = time.sleep
) -> Finding:
    """Return what became of a mail to this address within `seconds`.

    It is written on behalf of the first member of staff, whose key seals it until it is accepted.
    """
    member = Membership.objects.filter(is_active=True).order_by("pk").first()
    if member is None:
        do = "Make a practice (manage.py start_practice) and let its first admin open the link."
        return fail("nobody has joined yet on whose behalf to send", do)
    generation = int(now.timestamp() * 10) % 2_000_000_000
    enqueue(
        kind=KIND,
        user_ids=[member.user_id],
        practice_id=member.practice_id,
        subject_type="user",
        subject_id=member.user_id,
        generation=generation,
        now=now,
        expires_at=now + LASTS,
        payload=json.dumps({"to": address, "subject": SUBJECT, "text": TEXT}),
        channels=[Channel.EMAIL],
    )
    with scope(practice=member.practice_id):
        row = Notification.objects.filter(user_id=member.user_id, generation=generation).latest("pk")
        until = time.monotonic() + seconds
        while row.status not in {*OVER, NotificationStatus.ACCEPTED} and time.monotonic() < until:
            sleep(0.5)
            row.refresh_from_db(fields=["status", "attempts", "last_error", "provider_ref"])
    return _told(row, address)


def _told(row: Notification, address: str) -> Finding:
    if row.status == NotificationStatus.ACCEPTED:
        return fine(f"the mail server took a mail to {address}", message_id=row.provider_ref, attempts=row.attempts)
    if row.status in OVER:
        says = f"the mail to {address} was given up: {row.last_error}"
        return fail(says, "Check the address, and whether the server lets DEFAULT_FROM_EMAIL send.")
    if row.last_error:
        return fail(
            f"the mail to {address} wasn't taken: {row.last_error}", "See `mail`. It is tried again for a while."
        )
    return fail(f"nobody took the mail to {address} out of the outbox", "See `workers`, `beat` and `engine`.")
