"""Django's handle on the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeworkConfig(AppConfig):
    """The room `homework`."""

    name = "homework"
    verbose_name = _("Homework")

    def ready(self) -> None:
        """Connect the receivers of this room."""
        from homework import receivers  # noqa: F401 - connecting is the import's effect
