"""Kinds of notification and the subjects they are about. Rooms register both in their `contributes.py`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from practice.contributions import NOTIFICATION_KINDS, NotificationKind, Registry


@dataclass(frozen=True)
class Subject:
    """What a notification is about. `number` is stored and never reused.

    `wanted(ids)` returns those still worth telling of just before a provider is spoken to: not read, not withdrawn.
    `by_kind` asks otherwise for single kinds, by their number.
    """

    number: int
    wanted: Callable[[Collection[int]], Collection[int]] | None = None
    by_kind: Mapping[int, Callable[[Collection[int]], Collection[int]]] = field(default_factory=dict)


SUBJECTS: Registry[Subject] = Registry("notification subjects")
SUBJECTS.register("user", Subject(1))


class UnknownKind(Exception):
    """A kind or subject that no room registered."""


def kind_of(key: str) -> NotificationKind:
    """The kind with this key. Raises UnknownKind."""
    kind = NOTIFICATION_KINDS.get(key)
    if kind is None:
        raise UnknownKind(f"register the notification kind {key!r} in a contributes.py")
    return kind


def kind_by_number(number: int) -> tuple[str, NotificationKind]:
    """Key and kind of a stored number. Raises UnknownKind."""
    for key, kind in NOTIFICATION_KINDS.items():
        if kind.number == number:
            return key, kind
    raise UnknownKind(f"no kind has the number {number}")


def knows(number: int) -> bool:
    """Whether a room registered the kind with this stored number: an old worker meets kinds of the next release."""
    return any(kind.number == number for kind in NOTIFICATION_KINDS)


def subject_of(key: str) -> Subject:
    """The subject with this key. Raises UnknownKind."""
    subject = SUBJECTS.get(key)
    if subject is None:
        raise UnknownKind(f"register the notification subject {key!r} in a contributes.py")
    return subject


def still_wanted(subject_type: int, subject_ids: Collection[int], *, kind: int = 0) -> Collection[int]:
    """Those of the subjects that are still worth telling of by this kind."""
    for subject in SUBJECTS:
        if subject.number == subject_type:
            wanted = subject.by_kind.get(kind, subject.wanted)
            return wanted(subject_ids) if wanted else subject_ids
    return subject_ids
