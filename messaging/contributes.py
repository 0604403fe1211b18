"""All that this room hangs on lower rooms."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from clients.queries.registries import (
    CLIENT_TABS,
    ENDINGS,
    MOVES,
    PORTAL_CARDS,
    TRAIL_LINES,
    ClientTab,
    Ending,
    Move,
    PortalCard,
    TrailLine,
)
from messaging.consumers import ConversationSocket
from messaging.domain.storing import SUBJECT_CONVERSATION, TO_CLIENT, TO_STAFF
from messaging.queries.cards import portal_card
from messaging.queries.held import held_by_client, held_lines
from messaging.queries.listing import unread_for_client, unread_of, waiting_count
from messaging.queries.membership import HEADS_OF_PEOPLE, LISTENERS, STATE, STATES
from practice.contributions import (
    AUDIT_VERBS,
    DESK_NAV,
    NOTIFICATION_KINDS,
    PORTAL_TABS,
    SOCKET_ROUTES,
    NavEntry,
    NotificationKind,
)
from practice.live.heads import HEADS, MEMBERS, HeadSource, MemberSource
from practice.notifications.kinds import SUBJECTS, Subject

DESK_NAV.register(
    "messages",
    NavEntry(_("Messages"), "chat", "messaging:desk-messages", count=waiting_count),
    order=40,
)
PORTAL_TABS.register(
    "messages",
    NavEntry(_("Messages"), "chat", "messaging:portal-messages", count=unread_of),
    order=30,
)
CLIENT_TABS.register("messages", ClientTab(_("Messages"), "messaging:desk-client", count=unread_for_client), order=30)
PORTAL_CARDS.register("messages", PortalCard("messaging/portal/_card.html", portal_card), order=40)
ENDINGS.register("held", Ending(_("Message for later"), held_lines), order=40)
MOVES.register("held", Move(_("Messages written for later"), held_by_client), order=20)
SUBJECTS.register("conversation", Subject(SUBJECT_CONVERSATION))

AUDIT_VERBS.register("conversation_opened", _("opened the conversation"))
AUDIT_VERBS.register("conversation_settled", _("said that a message needs no answer"))

NOTIFICATION_KINDS.register(
    TO_CLIENT,
    NotificationKind(20, _("a message from your therapist"), "messaging:portal-messages", stale_after=None, priority=3),
)
NOTIFICATION_KINDS.register(
    TO_STAFF,
    NotificationKind(
        21, _("a message from a client"), "messaging:desk-messages", stale_after=None, for_staff=True, priority=3
    ),
)

SOCKET_ROUTES.register(
    "conversation",
    path("ws/conversations/<int:conversation_id>/", ConversationSocket.as_asgi(), name="conversation"),
    order=20,
)
HEADS.register(
    "conversation",
    HeadSource(
        "conversation",
        "events",
        "SELECT id, head FROM messaging_conversation WHERE id = ANY(%(ids)s)",
    ),
)
HEADS.register(
    "messages",
    HeadSource(
        "user",
        "messages",
        HEADS_OF_PEOPLE,
    ),
)
HEADS.register("conversation-state", HeadSource("conversation", STATE, STATES))
MEMBERS.register("conversation", MemberSource("conversation", LISTENERS))

TRAIL_LINES.register("conversation_opened", TrailLine(_("%(name)s, %(role)s, opened your messages.")))
