"""Where people sit: as a client, at a desk."""

from collections.abc import Iterable

from clients.models import Client, ClientStatus
from practice.people.models import Membership, User
from practice.tenancy import every_practice


def portal_practices(user: User) -> Iterable[int]:
    """Return the practices in which the user is an active client, oldest first. One query."""
    with every_practice("a person may be a client of several practices"):
        rows = Client.objects.filter(user=user, status=ClientStatus.ACTIVE).order_by("pk")
        return list(rows.values_list("practice_id", flat=True))


def desk_user_ids(practice_id: int) -> list[int]:
    """Return who works at the practice's desk. One query."""
    return list(Membership.objects.filter(practice_id=practice_id, is_active=True).values_list("user_id", flat=True))
