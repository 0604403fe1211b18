"""All that this room hangs on lower rooms."""

from django.utils.translation import gettext_lazy as _

from practice.contributions import AUDIT_VERBS

AUDIT_VERBS.register("homework.library_stocked", _("brought the shipped library up to date"))
