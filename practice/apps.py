"""Django's handle on the ground."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    """The ground."""

    name = "practice"
    verbose_name = _("Practice")

    def ready(self) -> None:
        """Load what the ground itself registers."""
        from practice.accounts import receivers as doors  # noqa: F401 - connecting is the import's effect
        from practice.config import celery  # noqa: F401 - the application whose tasks are nudged, in every process
        from practice.contributions.loading import load_contributions
        from practice.live import receivers, routing  # noqa: F401 - connecting and registering is the import's effect
        from practice.notifications import receivers as outbox  # noqa: F401 - so is this one's

        load_contributions()
