"""The clients someone may send to. One query."""

from typing import Any

from clients.models import Client
from practice.people.models import User


def clients_of(user: User) -> Any:
    """Return the active clients on whose care team the user is, by name."""
    return Client.objects.active().treated_by(user).order_by("sort_name", "pk")
