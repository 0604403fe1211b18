"""What ties a therapist to clients and colleagues, in words for who wants to let them go."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Leave
from clients.queries.caseload import clients_of
from practice.people.models import Membership


def has_clients(membership: Membership) -> Any:
    """Return that clients would be left without a primary therapist, or None. One query."""
    number = clients_of(membership).count()
    if not number:
        return None
    words = ngettext("Hand over %(n)s client of %(name)s first.", "Hand over %(n)s clients of %(name)s first.", number)
    return words % {"n": number, "name": membership.user.name}


def stands_in(membership: Membership) -> Any:
    """Return for whom they stand in, now or later, or None. One query."""
    rows = Leave.objects.filter(stand_in=membership.user_id, practice_id=membership.practice_id, ends_at__gt=now())
    leave: Leave | None = rows.select_related("user").order_by("starts_at").first()
    if leave is None:
        return None
    return _("%(name)s stands in for %(other)s until %(day)s. Find someone else for that first.") % {
        "name": membership.user.name,
        "other": leave.user.name,
        "day": date_format(leave.back_on, "j F"),
    }
