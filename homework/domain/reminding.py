"""One reminder an assignment, if it is still open. The row is written when the homework is sent and sleeps until then.

What wakes it asks here whether it is still wanted; quiet hours and the client's choice of channel are the outbox's.
"""

from collections.abc import Collection

from clients.models import ClientStatus
from homework.models import Assignment, AssignmentStatus, EnrolmentStatus
from homework.models.assignment import OPEN_STATES
from practice.tenancy import every_practice


def still_open(assignment_ids: Collection[int]) -> Collection[int]:
    """Those of the assignments that are worth telling of: open, and nothing above them paused, ended or archived.

    Opened ones count: a reminder is for what was begun and left. Ended enrolments count too, what they sent stays open.
    """
    return _standing(assignment_ids, OPEN_STATES)


def unread(assignment_ids: Collection[int]) -> Collection[int]:
    """Those of the assignments that are worth telling of as new: `still_open`, and nobody has looked yet."""
    return _standing(assignment_ids, {AssignmentStatus.SENT})


def _standing(assignment_ids: Collection[int], states: Collection[AssignmentStatus]) -> Collection[int]:
    """Those in one of these states, with treatment going on."""
    with every_practice("the outbox serves all practices"):
        rows = Assignment.objects.filter(pk__in=assignment_ids, status__in=states, client__status=ClientStatus.ACTIVE)
        rows = rows.filter(client__treatment_consent=True).exclude(enrolment__status=EnrolmentStatus.PAUSED)
        return set(rows.values_list("pk", flat=True))
