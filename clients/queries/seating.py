"""Where a user sits as a client."""

from collections.abc import Iterable

from clients.models import Client, ClientStatus
from practice.people.models import User
from practice.tenancy import every_practice


def portal_practices(user: User) -> Iterable[int]:
    """Return the practices in which the user is an active client, oldest first. One query."""
    with every_practice("a person may be a client of several practices"):
        rows = Client.objects.filter(user=user, status=ClientStatus.ACTIVE).order_by("pk")
        return list(rows.values_list("practice_id", flat=True))
