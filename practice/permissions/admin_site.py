"""The admin site: practice admins only, in the house's tokens. It shows kinds and ids, no therapy content."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from practice.people.models import Role


class PracticeAdminSite(AdminSite):
    """Open to who holds the role admin in the current practice, and to superusers for the installation."""

    site_header = site_title = "Rapport"
    index_title = _("Practice administration")
    site_url = "/desk/"
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may enter."""
        seat = getattr(request, "seat", None)
        return bool(request.user.is_active and ((seat and seat.has(Role.ADMIN)) or request.user.is_superuser))
