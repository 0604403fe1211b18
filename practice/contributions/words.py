"""Verbs of the audit trail and kinds of notification that rooms declare."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from practice.contributions.registry import Registry


@dataclass(frozen=True)
class NotificationKind:
    """A sort of notification. `number` is stored and never reused.

    `essential` goes out although the client withdrew consent to messages; `ignores_quiet` also at night;
    `stale_after` is how late it may still leave (None: always); `url_name` is where its link leads, without arguments;
    `own_words`: what it says is sealed with it and wiped when it ends, so it can't be written a second time.
    """

    number: int
    label: Any
    url_name: str
    essential: bool = False
    ignores_quiet: bool = False
    stale_after: timedelta | None = timedelta(hours=12)
    priority: int = 5
    for_staff: bool = False
    own_words: bool = False


AUDIT_VERBS: Registry[Any] = Registry("audit verbs")
NOTIFICATION_KINDS: Registry[NotificationKind] = Registry("notification kinds")
