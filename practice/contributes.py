"""What the ground itself registers."""

from django.utils.translation import gettext_lazy as _

from practice.accounts import sessions  # noqa: F401 - it listens for sign-ins
from practice.accounts.telling import CHANGES
from practice.contributions import AUDIT_VERBS, DESK_NAV, NOTIFICATION_KINDS, NavEntry, NotificationKind
from practice.notifications.kinds import SUBJECTS, Subject
from practice.people.models import Role

for verb, label in (
    ("staff_invited", _("invited someone to the staff")),
    ("invitation_withdrawn", _("withdrew an invitation to the staff")),
    ("staff_joined", _("joined the practice")),
    ("staff_changed", _("changed a member of staff")),
    ("practice_changed", _("changed the practice")),
    ("signed_in", _("signed in")),
    *((what, words) for what, (words, _mail) in CHANGES.items()),
    ("backup_made", _("made a backup")),
    ("backup_restored", _("restored a backup")),
):
    AUDIT_VERBS.register(verb, label)

NOTIFICATION_KINDS.register(
    "security",
    NotificationKind(
        3,
        _("a change of my sign-in"),
        "account_security",
        essential=True,
        ignores_quiet=True,
        stale_after=None,
        priority=1,
    ),
)

for key, number, label in (("sign_in", 1, _("sign-in link")), ("sign_in_code", 2, _("sign-in code"))):
    NOTIFICATION_KINDS.register(
        key,
        NotificationKind(
            number, label, "account_link", essential=True, ignores_quiet=True, stale_after=None, priority=1
        ),
    )

NOTIFICATION_KINDS.register(
    "test_mail",
    NotificationKind(
        90,
        _("test of the mail server"),
        "account_link",
        essential=True,
        ignores_quiet=True,
        stale_after=None,
        priority=1,
    ),
)

NOTIFICATION_KINDS.register(
    "staff_invitation",
    NotificationKind(
        3,
        _("invitation to the staff"),
        "pages:me",
        essential=True,
        ignores_quiet=True,
        stale_after=None,
        priority=2,
        for_staff=True,
    ),
)
SUBJECTS.register("staff_invitation", Subject(2))

DESK_NAV.register(
    "people",
    NavEntry(
        _("People"),
        "handshake",
        "pages:people",
        visible=lambda request: request.seat.has(Role.ADMIN),  # type: ignore[attr-defined]
    ),
    order=190,
)
DESK_NAV.register(
    "admin",
    NavEntry(
        _("Administration"),
        "settings",
        "admin:index",
        visible=lambda request: request.seat.has(Role.ADMIN),  # type: ignore[attr-defined]
    ),
    order=200,
)
