"""What a therapist says about an answer, and marking it as read."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from homework import events
from homework.models import Comment, Response
from practice.audit import record
from practice.people.models import User
from practice.tenancy import scope

LONGEST = 5_000


class CannotComment(Exception):
    """The comment can't be kept as it is; the message says why, in words for its writer."""


@transaction.atomic
def comment(*, response: Response, body: str, by: User, now: datetime, block: str = "") -> Comment:
    """Return the new comment; the client is told that there is something new. Raises CannotComment."""
    text = body.strip().replace("\x00", "")
    if not text:
        raise CannotComment(_("Write something first."))
    if len(text) > LONGEST:
        raise CannotComment(_("This is longer than %(most)d characters. Send it in two parts.") % {"most": LONGEST})
    if response.submitted_at is None:
        raise CannotComment(_("This has not been sent to you yet."))
    with scope(practice=response.practice_id):
        made = Comment.objects.create(
            practice_id=response.practice_id,
            client_id=response.client_id,
            response=response,
            block=block,
            author=by,
            body=text,
            created_at=now,
        )
        mark_reviewed(response=response, by=by, now=now)
        events.commented.send(sender=Comment, comment=made, now=now)
        return made


@transaction.atomic
def mark_reviewed(*, response: Response, by: User, now: datetime) -> Response:
    """Return the response, read by its therapist. May be called again."""
    with scope(practice=response.practice_id):
        if response.reviewed_at is None:
            response.reviewed_at, response.reviewed_by = now, by
            response.save(update_fields=["reviewed_at", "reviewed_by"])
            record(
                "homework.response_reviewed",
                practice_id=response.practice_id,
                by=by,
                now=now,
                client_id=response.client_id,
                subject=response,
            )
        return response


@transaction.atomic
def see_comments(*, response: Response, now: datetime) -> int:
    """Return how many comments the client has now seen for the first time."""
    with scope(practice=response.practice_id):
        seen: int = Comment.objects.filter(response=response, seen_at__isnull=True).update(seen_at=now)
        return seen
