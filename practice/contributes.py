"""What the ground itself registers."""

from django.utils.translation import gettext_lazy as _

from practice.contributions import AUDIT_VERBS

for verb, label in (
    ("staff_joined", _("joined the practice")),
    ("staff_changed", _("changed a member of staff")),
    ("signed_in", _("signed in")),
):
    AUDIT_VERBS.register(verb, label)
