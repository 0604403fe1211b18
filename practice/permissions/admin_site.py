"""The admin site: practice admins only, in the house's tokens. It shows kinds and ids, no therapy content."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from practice.people.models import Role
from practice.permissions.model_admin import PracticeModelAdmin

LEFT_OUT = ("view_on_site", "autocomplete", "password_change", "password_change_done")


class PracticeAdminSite(AdminSite):
    """Open to who holds the role admin in the current practice, and to superusers for the installation."""

    site_header = site_title = "Rapport"
    index_title = _("Practice administration")
    site_url = "/desk/"
    final_catch_all_view = False
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take only pages of this house: what a library registers for itself isn't shown."""
        if admin_class is not None and issubclass(admin_class, PracticeModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may enter."""
        seat = getattr(request, "seat", None)
        return bool(request.user.is_active and ((seat and seat.has(Role.ADMIN)) or request.user.is_superuser))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out what this house serves elsewhere."""
        kept = [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]
        for url in kept:
            if isinstance(url, URLPattern):
                url.callback = require_GET(url.callback)
        return kept

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let pages be read and posted, nothing else."""
        return super().admin_view(require_http_methods(["GET", "POST"])(view), cacheable)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the one sign-in page; who is signed in and no admin is led to where they belong."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index") if self.has_permission(request) else "/")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Lead to the one sign-out page."""
        return HttpResponseRedirect(reverse("account_logout"))
