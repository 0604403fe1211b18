"""All that this room hangs on lower rooms."""

from django.utils.translation import gettext_lazy as _

from clients.queries.registries import PORTAL_CARDS, PortalCard
from homework.queries.portal_today import next_step, this_week
from practice.contributions import AUDIT_VERBS, NOTIFICATION_KINDS, PORTAL_TABS, NavEntry, NotificationKind

AUDIT_VERBS.register("homework.library_stocked", _("brought the shipped library up to date"))
AUDIT_VERBS.register("homework.response_reviewed", _("read answers"))

NOTIFICATION_KINDS.register(
    "homework.commented", NotificationKind(number=32, label=_("a reply to my answers"), url_name="clients:portal-today")
)
NOTIFICATION_KINDS.register(
    "homework.submitted",
    NotificationKind(number=33, label=_("answers to review"), url_name="clients:desk-today", for_staff=True),
)

PORTAL_TABS.register("journey", NavEntry(_("Journey"), "path", "homework:portal-journey"), order=20)
PORTAL_CARDS.register("homework.next", PortalCard("homework/portal/_next_card.html", next_step, slot="next"), order=10)
PORTAL_CARDS.register("homework.week", PortalCard("homework/portal/_week_card.html", this_week), order=30)
