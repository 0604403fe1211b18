"""Tells the other side: answers came back, a reply was written. What it says is decided by the kind, never here."""

from collections.abc import Collection
from datetime import datetime

from clients.queries.cover import cover_of
from homework.models import Comment, Response
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel


def tell_submitted(*, response: Response, now: datetime) -> int:
    """Return how many rows are new: the client's therapist (or who stands in) is told in the app, where answers wait.

    What isn't for review is shown, and told of, by the room that sent it.
    """
    if not response.for_review:
        return 0
    return enqueue(
        kind="homework.submitted",
        user_ids=[cover_of(response.client, now=now).reader.pk],
        practice_id=response.practice_id,
        subject_type="response",
        subject_id=response.pk,
        now=now,
        channels=[Channel.IN_APP],
    )


def tell_commented(*, comment: Comment, now: datetime) -> int:
    """Return how many rows are new. Several replies to one response are one notification until the client looked.

    Once treatment has ended the reply stands in the record, and nobody is told.
    """
    if comment.response.client.has_ended:
        return 0
    return enqueue(
        kind="homework.commented",
        user_ids=[comment.response.author_id],
        practice_id=comment.practice_id,
        subject_type="comments",
        subject_id=comment.response_id,
        generation=Comment.objects.filter(response_id=comment.response_id, seen_at__isnull=False).count(),
        now=now,
    )


def with_unseen_comments(response_ids: Collection[int]) -> Collection[int]:
    """Return the responses whose author has not looked at every comment yet."""
    unseen = Comment.objects.filter(response_id__in=response_ids, seen_at__isnull=True)
    return set(unseen.values_list("response_id", flat=True))
