"""When clients want no notification to ring."""

from collections.abc import Collection

from clients.models import Client, ClientStatus
from practice.notifications.quieting import Quiet
from practice.tenancy import every_practice


def quiet_hours_of(user_ids: Collection[int]) -> dict[int, Quiet]:
    """Zone and quiet hours of those users who are clients. One query.

    Who is a client of two practices wants rest in both; the hours of the record made last are kept.
    """
    with every_practice("the outbox serves all practices"):
        rows = Client.objects.filter(user_id__in=user_ids, status=ClientStatus.ACTIVE).order_by("pk")
        found = rows.values_list("user_id", "zone", "quiet_from", "quiet_until")
        return {user_id: Quiet(zone, start, until) for user_id, zone, start, until in found}
