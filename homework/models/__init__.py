"""Tables, one file an aggregate."""

from homework.models.activity import Activity, ActivityVersion, Origin
from homework.models.assignment import Assignment, AssignmentStatus
from homework.models.enrolment import Enrolment, EnrolmentStatus
from homework.models.pathway import Pathway, PathwayVersion
from homework.models.response import Answer, Comment, Response

__all__ = [
    "Activity",
    "ActivityVersion",
    "Answer",
    "Assignment",
    "AssignmentStatus",
    "Comment",
    "Enrolment",
    "EnrolmentStatus",
    "Origin",
    "Pathway",
    "PathwayVersion",
    "Response",
]
