"""Signing out closes the person's sockets at once; a notice reaches the pages that are open."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from practice.live.hints import hint
from practice.notifications.events import enqueued


@receiver(user_logged_out)
def recheck_sockets(user: Any, **kwargs: Any) -> None:
    """Ask every process to check its sockets now rather than within five seconds."""
    if user is not None:
        hint(f"user.{user.pk}", what="recheck")


@receiver(enqueued)
def show_notice(user_ids: list[int], **kwargs: Any) -> None:
    """Let open pages of those who are told something look again; parts of a page say so by `data-live="notice"`."""
    for user_id in user_ids:
        hint(f"user.{user_id}", what="notice")
