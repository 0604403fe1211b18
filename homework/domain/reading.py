"""Opening a response: one row of the audit trail, which the client can see."""

from datetime import datetime

from homework.models import Response
from practice.audit.recording import record_opening
from practice.people.models import User


def open_response(*, response: Response, by: User, now: datetime, anew: bool = True) -> None:
    """Write down that this person read these answers. `anew` as in `practice.audit.recording.record_opening`."""
    record_opening(
        "homework.response_opened",
        practice_id=response.practice_id,
        by=by,
        now=now,
        client_id=response.client_id,
        subject=response,
        anew=anew,
    )
