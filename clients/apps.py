"""Django's handle on the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    """The room `clients`."""

    name = "clients"
    verbose_name = _("Clients")

    def ready(self) -> None:
        """Connect the receivers of this room."""
        from clients import receivers  # noqa: F401 - connecting is the import's effect
