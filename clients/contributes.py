"""All that this room hangs on lower rooms."""

from django.utils.translation import gettext_lazy as _

from clients.queries.quiet_hours import quiet_hours_of
from clients.queries.seating import portal_practices
from practice.contributions import AUDIT_VERBS, SEAT_SOURCES, SeatSource
from practice.notifications.quieting import QUIET_SOURCES
from practice.permissions.seats import PORTAL

QUIET_SOURCES.register("clients", quiet_hours_of)
SEAT_SOURCES.register("clients", SeatSource(PORTAL, portal_practices))

for verb, label in (
    ("client_added", _("added you to the practice")),
    ("client_changed", _("changed your details")),
    ("client_opened", _("opened your page")),
    ("care_team_changed", _("changed your care team")),
    ("invitation_sent", _("sent you an invitation")),
    ("invitation_accepted", _("accepted the invitation")),
    ("consent_changed", _("changed a consent")),
    ("preferences_changed", _("changed how you want to be reached")),
    ("appointment_planned", _("planned an appointment")),
    ("appointment_decided", _("noted what became of an appointment")),
    ("attention_acknowledged", _("saw a note that asked for attention")),
    ("attention_resolved", _("settled a note that asked for attention")),
):
    AUDIT_VERBS.register(verb, label)
