"""All that this room hangs on lower rooms, and its own kinds, tabs and columns."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Urgency
from clients.queries import setup_steps
from clients.queries.caseload_views import needs_a_look, not_here_yet, seen_this_week, standing_in_for
from clients.queries.columns import load_looks, load_names, load_next, load_seen
from clients.queries.counting import caseload_size
from clients.queries.endings import appointments_ahead, open_invitation
from clients.queries.handing_over import items_waiting
from clients.queries.help import help_part
from clients.queries.leaves import desk_card, may_arrange
from clients.queries.overview_cards import lately_card
from clients.queries.portal_cards import cover_card, next_appointment_card
from clients.queries.quiet_hours import quiet_hours_of
from clients.queries.registries import (
    ATTENTION_KINDS,
    CASELOAD_COLUMNS,
    CASELOAD_VIEWS,
    CLIENT_CARDS,
    CLIENT_TABS,
    DESK_CARDS,
    ENDINGS,
    MOVES,
    PORTAL_CARDS,
    TRAIL_LINES,
    AttentionKind,
    CaseloadColumn,
    CaseloadView,
    ClientCard,
    ClientTab,
    DeskCard,
    Ending,
    Move,
    PortalCard,
    TrailLine,
)
from clients.queries.seating import portal_practices
from clients.queries.subjects import ATTENTION, CLIENT, INVITATION, LEAVE
from clients.queries.ties import has_clients, stands_in
from practice.contributions import (
    AUDIT_VERBS,
    DESK_NAV,
    NOTIFICATION_KINDS,
    PORTAL_TABS,
    PRACTICE_PAGES,
    SEAT_SOURCES,
    SETUP_STEPS,
    SHELL_PARTS,
    STAFF_TIES,
    NavEntry,
    NotificationKind,
    PracticePage,
    SeatSource,
    SetupStep,
)
from practice.live.heads import HEADS, MEMBERS, HeadSource, MemberSource
from practice.notifications.kinds import SUBJECTS
from practice.notifications.quieting import QUIET_SOURCES
from practice.pages.setting_up import setup_card
from practice.permissions.seats import PORTAL

QUIET_SOURCES.register("clients", quiet_hours_of)
SEAT_SOURCES.register("clients", SeatSource(PORTAL, portal_practices))
SHELL_PARTS.register("help", help_part)

DESK_NAV.register("today", NavEntry(_("Today"), "home", "clients:desk-today", also=("/desk/attention/",)), order=10)
DESK_NAV.register("caseload", NavEntry(_("Caseload"), "people", "clients:caseload", count=caseload_size), order=20)
DESK_NAV.register("appointments", NavEntry(_("Appointments"), "cal", "clients:week"), order=50)
DESK_NAV.register("leave", NavEntry(_("Leave"), "door", "clients:leaves", visible=may_arrange), order=80)
PORTAL_TABS.register("today", NavEntry(_("Today"), "home", "clients:portal-today", also=("/appointments/",)), order=10)
PORTAL_TABS.register("me", NavEntry(_("Me"), "me", "clients:me"), order=90)

DESK_CARDS.register("setup", DeskCard("practice/_setup_card.html", setup_card), order=1)
PRACTICE_PAGES.register("crisis", PracticePage(_("Crisis lines"), "clients:crisis-lines"), order=30)
PRACTICE_PAGES.register("consents", PracticePage(_("Consent texts"), "clients:consent-texts"), order=40)
SETUP_STEPS.register(
    "crisis",
    SetupStep(
        _("Confirm the crisis lines"),
        _("Call each once."),
        "phone",
        "clients:crisis-lines",
        setup_steps.lines_confirmed,
    ),
    order=30,
)
SETUP_STEPS.register(
    "consents",
    SetupStep(
        _("Read what clients agree to"),
        _("Our words to start with; make them yours."),
        "doc",
        "clients:consent-texts",
        setup_steps.texts_read,
    ),
    order=40,
)
SETUP_STEPS.register(
    "client",
    SetupStep(
        _("Invite your first client"),
        _("By mail, or by a code in the room."),
        "heart",
        "clients:client-new",
        setup_steps.first_client_invited,
    ),
    order=70,
)
CLIENT_CARDS.register("lately", ClientCard("clients/desk/_lately.html", lately_card), order=90)
CLIENT_TABS.register("overview", ClientTab(_("Overview"), "clients:client-overview"), order=10)
CLIENT_TABS.register("appointments", ClientTab(_("Appointments"), "clients:client-appointments"), order=70)
CLIENT_TABS.register("record", ClientTab(_("Record"), "clients:client-record"), order=90)

PORTAL_CARDS.register("cover", PortalCard("clients/portal/_cover.html", cover_card), order=20)
DESK_CARDS.register("leaves", DeskCard("clients/desk/_leaves_card.html", desk_card), order=10)
MOVES.register("attention", Move(_("Things that ask for attention"), items_waiting), order=10)
PORTAL_CARDS.register(
    "appointment", PortalCard("clients/portal/_next_appointment.html", next_appointment_card), order=80
)

CASELOAD_COLUMNS.register(
    "client", CaseloadColumn(_("Client"), "clients/desk/columns/client.html", load_names, F("sort_name")), order=10
)
CASELOAD_COLUMNS.register(
    "look",
    CaseloadColumn(
        _("What to look at"),
        "clients/desk/columns/look.html",
        load_looks,
        F("top_urgency"),
        hint=_("most urgent first"),
    ),
    order=20,
)
CASELOAD_COLUMNS.register(
    "seen", CaseloadColumn(_("Last here"), "clients/desk/columns/seen.html", load_seen, F("last_seen_at")), order=60
)
CASELOAD_COLUMNS.register(
    "next", CaseloadColumn(_("Next appointment"), "clients/desk/columns/next.html", load_next, F("next_at")), order=70
)
CASELOAD_VIEWS.register("", CaseloadView(_("Everyone"), lambda now: Q()), order=10)
CASELOAD_VIEWS.register("look", CaseloadView(_("Needs a look"), needs_a_look), order=20)
CASELOAD_VIEWS.register("week", CaseloadView(_("Seeing this week"), seen_this_week), order=30)
CASELOAD_VIEWS.register("new", CaseloadView(_("Not here yet"), not_here_yet), order=40)

CASELOAD_VIEWS.register("standing-in", CaseloadView(_("Standing in"), standing_in_for, hides_when_empty=True), order=50)
CASELOAD_VIEWS.register("archived", CaseloadView(_("Archived"), lambda now: Q(), ended=True), order=90)

ENDINGS.register("appointment", Ending(_("Appointment"), appointments_ahead), order=10)
ENDINGS.register("invitation", Ending(_("Invitation"), open_invitation), order=20)

ATTENTION_KINDS.register(
    "help_asked",
    AttentionKind(
        label=_("Asked for help"),
        words=lambda item: _("Pressed “I need help” in the portal. Please call."),
        urgency=Urgency.CRITICAL,
        icon="help",
        escalates=True,
    ),
)
ATTENTION_KINDS.register(
    "unreachable",
    AttentionKind(
        label=_("Can't be reached"),
        words=lambda item: _("E-mails come back. Ask for the right address when you speak."),
        urgency=Urgency.NORMAL,
        icon="mail",
        needs_resolving=False,
    ),
)
ATTENTION_KINDS.register(
    "consent_withdrawn",
    AttentionKind(
        label=_("Consent withdrawn"),
        words=lambda item: _("Took back the consent to treatment here. Nothing more is sent; messages rest."),
        urgency=Urgency.HIGH,
        icon="door",
        needs_resolving=False,
    ),
)

STAFF_TIES.register("clients", has_clients, order=10)
STAFF_TIES.register("leaves", stands_in, order=20)

SUBJECTS.register("invitation", INVITATION)
SUBJECTS.register("attention", ATTENTION)
SUBJECTS.register("client", CLIENT)
SUBJECTS.register("leave", LEAVE)
NOTIFICATION_KINDS.register(
    "invitation",
    NotificationKind(
        10,
        _("invitation"),
        "clients:portal-today",
        essential=True,
        ignores_quiet=True,
        stale_after=None,
        priority=2,
        own_words=True,
    ),
)
NOTIFICATION_KINDS.register(
    "attention",
    NotificationKind(
        11,
        _("someone needs you"),
        "clients:desk-today",
        essential=True,
        ignores_quiet=True,
        stale_after=None,
        priority=1,
        for_staff=True,
    ),
)
NOTIFICATION_KINDS.register("care_team", NotificationKind(12, _("your care team"), "clients:portal-today"))

HEADS.register(
    "attention",
    HeadSource(
        "user",
        "attention",
        "SELECT staff.user_id, coalesce(sum(item.id * 4 + item.state), 0)::bigint"
        " FROM practice_membership staff LEFT JOIN clients_attentionitem item"
        " ON item.practice_id = staff.practice_id AND item.state IN (1, 2)"
        " WHERE staff.user_id = ANY(%(ids)s) AND staff.is_active GROUP BY staff.user_id",
    ),
)

MEMBERS.register(
    "person",
    MemberSource(
        "user",
        "SELECT asked.topic, asked.person FROM asked WHERE asked.topic = asked.person AND ("
        "EXISTS (SELECT 1 FROM practice_membership m WHERE m.user_id = asked.person AND m.is_active)"
        " OR EXISTS (SELECT 1 FROM clients_client cl WHERE cl.user_id = asked.person)"
        " OR EXISTS (SELECT 1 FROM practice_user u WHERE u.id = asked.person AND u.is_superuser))",
    ),
)

for verb, label in (
    ("client_added", _("added the client")),
    ("client_changed", _("changed the details")),
    ("client_address_given", _("wrote down an e-mail address")),
    ("client_opened", _("opened the record")),
    ("client_details_opened", _("opened the details")),
    ("client_appointments_opened", _("opened the appointments")),
    ("care_team_changed", _("changed the care team")),
    ("client_archived", _("ended the treatment")),
    ("client_restored", _("began the treatment anew")),
    ("client_handed_over", _("handed over to another therapist")),
    ("leave_taken", _("arranged a leave")),
    ("leave_ended", _("ended a leave")),
    ("invitation_sent", _("sent an invitation")),
    ("invitation_accepted", _("accepted the invitation")),
    ("room_code_shown", _("showed a code to come in by")),
    ("room_code_used", _("came in by a code")),
    ("consent_changed", _("changed a consent")),
    ("preferences_changed", _("changed how to be reached")),
    ("appointment_planned", _("planned an appointment")),
    ("appointment_decided", _("noted what became of an appointment")),
    ("attention_acknowledged", _("saw something that asked for attention")),
    ("attention_resolved", _("settled something that asked for attention")),
):
    AUDIT_VERBS.register(verb, label)

for verb, said in (
    ("client_opened", _("%(name)s, %(role)s, opened your page.")),
    ("client_details_opened", _("%(name)s, %(role)s, opened your details.")),
    ("client_appointments_opened", _("%(name)s, %(role)s, opened your appointments.")),
    ("room_code_shown", _("%(name)s, %(role)s, showed a code that opens your portal.")),
):
    TRAIL_LINES.register(verb, TrailLine(said))
