"""Django's handle on the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    """The room `messaging`."""

    name = "messaging"
    verbose_name = _("Messaging")

    def ready(self) -> None:
        """Connect the receivers of this room."""
        from messaging import receivers  # noqa: F401 - connecting is the import's effect
