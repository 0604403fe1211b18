"""Where people sit: as a client, at a desk."""

from collections.abc import Iterable

from clients.models import Client, ClientStatus
from practice.people.models import Membership, User
from practice.tenancy import every_practice
from practice.tenancy.compiled import Compiled

JOINED = Compiled(
    lambda user: (
        Client.objects.filter(user=user, joined_at__isnull=False).order_by("pk").values_list("practice_id", "status")
    )
)


def portal_practices(user: User) -> Iterable[int]:
    """Return the practices whose client the user is and has joined: where treatment runs first, then oldest first.

    Who was archived goes on reading their own record. One query.
    """
    with every_practice("a person may be a client of several practices"):
        return [pk for pk, _status in sorted(JOINED.of(user), key=lambda row: row[1] != ClientStatus.ACTIVE)]


def desk_user_ids(practice_id: int) -> list[int]:
    """Return who works at the practice's desk. One query."""
    return list(Membership.objects.filter(practice_id=practice_id, is_active=True).values_list("user_id", flat=True))


def sits_elsewhere(client: Client) -> bool:
    """Return whether the client's user is known in another way: staff anywhere, or in another client's record."""
    with every_practice("one person may be known to several practices"):
        others = Client.objects.filter(user_id=client.user_id).exclude(pk=client.pk).exists()
    return others or Membership.objects.filter(user_id=client.user_id).exists()
