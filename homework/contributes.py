"""All that this room hangs on lower rooms."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from clients.models import Urgency
from clients.queries.membership import CLIENTS_OF_PEOPLE
from clients.queries.registries import (
    ATTENTION_KINDS,
    CASELOAD_COLUMNS,
    CLIENT_CARDS,
    CLIENT_TABS,
    DESK_CARDS,
    ENDINGS,
    PORTAL_CARDS,
    TRAIL_LINES,
    AttentionKind,
    CaseloadColumn,
    ClientCard,
    ClientTab,
    DeskCard,
    Ending,
    PortalCard,
    TrailLine,
)
from homework.domain.reminding import still_open, unread
from homework.domain.telling import with_unseen_comments
from homework.queries.at_a_glance import glances, overview_card
from homework.queries.ending import ending_lines
from homework.queries.lanes import send_figures
from homework.queries.portal_today import next_step, this_week
from homework.queries.review import review_card, waiting_count
from homework.queries.trail import titles_of_responses
from practice.contributions import AUDIT_VERBS, DESK_NAV, NOTIFICATION_KINDS, PORTAL_TABS, NavEntry, NotificationKind
from practice.contributions.lanes import LANE_SOURCES, LaneSource
from practice.live.heads import HEADS, HeadSource
from practice.notifications.kinds import SUBJECTS, Subject

SUBJECTS.register("assignment", Subject(30, wanted=still_open, by_kind={30: unread}))
SUBJECTS.register("response", Subject(31))
SUBJECTS.register("comments", Subject(32, wanted=with_unseen_comments))

NOTIFICATION_KINDS.register(
    "homework.sent", NotificationKind(number=30, label=_("something new to do"), url_name="clients:portal-today")
)
NOTIFICATION_KINDS.register(
    "homework.reminder",
    NotificationKind(
        number=31,
        label=_("a reminder of what is still open"),
        url_name="clients:portal-today",
        stale_after=timedelta(hours=2),
        priority=6,
    ),
)
NOTIFICATION_KINDS.register(
    "homework.form",
    NotificationKind(number=34, label=_("a form to fill in"), url_name="clients:desk-today", for_staff=True),
)

ATTENTION_KINDS.register(
    "send_failed",
    AttentionKind(
        label=_("Not sent"),
        words=lambda item: _("Something planned could not be sent. Open it and send it again, or skip it."),
        urgency=Urgency.HIGH,
        icon="alert",
    ),
)
ATTENTION_KINDS.register(
    "engine_hold",
    AttentionKind(
        label=_("Nothing is being sent"),
        words=lambda item: _("This looks like a copy of another database. An administrator must release it."),
        urgency=Urgency.CRITICAL,
        icon="alert",
    ),
)
for verb, label in (
    ("homework.library_stocked", _("brought the shipped library up to date")),
    ("homework.list_opened", _("opened the homework")),
    ("homework.response_opened", _("opened answers")),
    ("homework.response_reviewed", _("read answers")),
    ("homework.enrolled", _("planned something for you")),
    ("homework.paused", _("paused a pathway")),
    ("homework.resumed", _("resumed a pathway")),
    ("homework.skipped", _("left a step out")),
    ("homework.moved", _("moved a step")),
    ("homework.sent_now", _("sent a step at once")),
    ("homework.withdrawn", _("took back what was sent by mistake")),
    ("homework.ended", _("ended a pathway")),
    ("homework.zone_moved", _("moved a pathway to another time zone")),
):
    AUDIT_VERBS.register(verb, label)

NOTIFICATION_KINDS.register(
    "homework.commented", NotificationKind(number=32, label=_("a reply to my answers"), url_name="clients:portal-today")
)
NOTIFICATION_KINDS.register(
    "homework.submitted",
    NotificationKind(number=33, label=_("answers to review"), url_name="homework:desk-review", for_staff=True),
)

ENDINGS.register("homework", Ending(_("Homework"), ending_lines), order=30)
DESK_NAV.register(
    "review",
    NavEntry(_("To review"), "inbox", "homework:desk-review", count=lambda request: waiting_count(request.user)),
    order=30,
)
DESK_CARDS.register("homework.review", DeskCard("homework/desk/_review_card.html", review_card), order=20)
PORTAL_TABS.register("journey", NavEntry(_("Journey"), "path", "homework:portal-journey"), order=20)
PORTAL_CARDS.register("homework.next", PortalCard("homework/portal/_next_card.html", next_step, slot="next"), order=10)
PORTAL_CARDS.register("homework.week", PortalCard("homework/portal/_week_card.html", this_week), order=30)

CLIENT_TABS.register("homework", ClientTab(_("Homework"), "homework:client-homework"), order=20)
CLIENT_CARDS.register("homework", ClientCard("homework/desk/_overview_card.html", overview_card), order=20)
CASELOAD_COLUMNS.register(
    "homework",
    CaseloadColumn(_("Homework"), "homework/desk/_glance_cell.html", glances, hint=_("done of sent, 4 weeks")),
    order=40,
)
HEADS.register(
    "homework.responses",
    HeadSource(
        "user",
        "review",
        f"SELECT m.user_id, max(r.id) FROM ({CLIENTS_OF_PEOPLE}) m"  # noqa: S608 - constants of ours; ids are bound
        " JOIN homework_response r ON r.client_id = m.client_id"
        " WHERE r.submitted_at IS NOT NULL AND r.reviewed_at IS NULL GROUP BY m.user_id",
    ),
)
DESK_NAV.register("library", NavEntry(_("Library"), "book", "homework:desk-library"), order=60)
DESK_NAV.register("pathways", NavEntry(_("Pathways"), "path", "homework:desk-pathways"), order=65)

for verb, label in (
    ("activity_made", _("made an activity")),
    ("activity_published", _("published an activity")),
    ("activity_archived", _("put an activity away")),
    ("activity_restored", _("took an activity back out")),
    ("pathway_made", _("made a pathway")),
    ("pathway_published", _("published a pathway")),
    ("pathway_archived", _("put a pathway away")),
    ("pathway_restored", _("took a pathway back out")),
):
    AUDIT_VERBS.register(f"homework.{verb}", label)

TRAIL_LINES.register("homework.list_opened", TrailLine(_("%(name)s, %(role)s, opened the list of your homework.")))
TRAIL_LINES.register(
    "homework.response_opened",
    TrailLine(
        _("%(name)s, %(role)s, opened your answers."),
        _("%(name)s, %(role)s, opened your answers to “%(title)s”."),
        titles=titles_of_responses,
    ),
)
LANE_SOURCES.register("sends", LaneSource(_("Homework and forms"), send_figures), order=10)
