"""Django's handle on the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllianceConfig(AppConfig):
    """The room `alliance`."""

    name = "alliance"
    verbose_name = _("Alliance")

    def ready(self) -> None:
        """Connect the receivers of this room."""
        from alliance import receivers  # noqa: F401 - connecting is the import's effect
