"""What the ground itself registers."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from practice.accounts import resealing, sessions, setup_steps  # noqa: F401 - the first two register and listen
from practice.accounts.changing_email import changes_that_wait
from practice.accounts.telling import CHANGES
from practice.contributions import (
    AUDIT_VERBS,
    DESK_NAV,
    NOTIFICATION_KINDS,
    PRACTICE_PAGES,
    SETUP_STEPS,
    NavEntry,
    NotificationKind,
    PracticePage,
    SetupStep,
)
from practice.contributions.lanes import LANE_SOURCES, LaneSource
from practice.notifications.kinds import SUBJECTS, Subject
from practice.notifications.models import Channel
from practice.notifications.tallying import figures_of
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
    ("keys_rotated", _("brought everything under the newest key")),
    ("delivery_retried", _("let a notification be tried again")),
    ("delivery_discarded", _("left a notification unsent")),
):
    AUDIT_VERBS.register(verb, label)

NOTIFICATION_KINDS.register(
    "security",
    NotificationKind(
        4,
        _("a change of my sign-in"),
        "account_security",
        essential=True,
        ignores_quiet=True,
        stale_after=None,
        priority=1,
    ),
)

for key, number, label in (
    ("sign_in", 1, _("sign-in link")),
    ("sign_in_code", 2, _("sign-in code")),
    ("new_password", 5, _("link for a new password")),
    ("new_email", 6, _("link to confirm an address")),
    ("email_taken", 7, _("someone asked for my address")),
):
    NOTIFICATION_KINDS.register(
        key,
        NotificationKind(
            number,
            label,
            "account_link",
            essential=True,
            ignores_quiet=True,
            stale_after=None,
            priority=1,
            own_words=True,
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
        own_words=True,
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
        own_words=True,
    ),
)
SUBJECTS.register("staff_invitation", Subject(2))
SUBJECTS.register("email_change", Subject(3, wanted=changes_that_wait))

DESK_NAV.register(
    "practice",
    NavEntry(
        _("Practice"),
        "handshake",
        "pages:practice",
        visible=lambda request: request.seat.has(Role.ADMIN),  # type: ignore[attr-defined]
        also=("/desk/people/", "/desk/setup/", "/desk/delivery/"),
    ),
    order=190,
)
PRACTICE_PAGES.register("details", PracticePage(_("Details"), "pages:practice"), order=10)
PRACTICE_PAGES.register("people", PracticePage(_("People"), "pages:people"), order=20)
PRACTICE_PAGES.register("mail", PracticePage(_("Mail"), "pages:mail"), order=50)
PRACTICE_PAGES.register("delivery", PracticePage(_("Delivery"), "pages:delivery"), order=55)
PRACTICE_PAGES.register("setup", PracticePage(_("Checklist"), "pages:setup"), order=60)
SETUP_STEPS.register(
    "factor",
    SetupStep(
        _("Lock your door twice"),
        _("A second way to prove that it is you."),
        "lock",
        "account_security",
        setup_steps.has_second_factor,
    ),
    order=10,
)
SETUP_STEPS.register(
    "details",
    SetupStep(
        _("Say who you are"), _("Name, telephone and time zone."), "info", "pages:practice", setup_steps.details_known
    ),
    order=20,
)
SETUP_STEPS.register(
    "hours",
    SetupStep(
        _("Say when you work"), _("Hours, and how soon you answer."), "clock", "pages:me", setup_steps.hours_said
    ),
    order=50,
)
SETUP_STEPS.register(
    "colleagues",
    SetupStep(
        _("Invite a therapist"),
        _("Or say that you work alone."),
        "people",
        "pages:people-invite",
        setup_steps.has_colleagues,
        instead=("alone", _("I work alone")),
    ),
    order=60,
)
SETUP_STEPS.register(
    "mail",
    SetupStep(_("Try the mail"), _("Send yourself a test."), "mail", "pages:mail", setup_steps.mail_leaves),
    order=80,
)
LANE_SOURCES.register("outbox-email", LaneSource(_("E-mail"), partial(figures_of, Channel.EMAIL)), order=50)

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
