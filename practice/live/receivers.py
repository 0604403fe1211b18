"""Signing out closes the person's sockets at once: they are checked again as soon as the session is gone."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from practice.live.hints import hint


@receiver(user_logged_out)
def recheck_sockets(user: Any, **kwargs: Any) -> None:
    """Ask every process to check its sockets now rather than within five seconds."""
    if user is not None:
        hint(f"user.{user.pk}", what="recheck")
