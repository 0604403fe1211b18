"""Who treats in a practice."""

from typing import Any

from practice.people.models import Membership, Practice, Role, User


def therapists_of(practice: Practice) -> Any:
    """Return the users who treat in the practice, by name. One query."""
    members = Membership.objects.filter(practice=practice, is_active=True, roles__contains=[Role.THERAPIST.value])
    return User.objects.filter(pk__in=members.values("user_id")).order_by("name")
