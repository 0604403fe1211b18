"""Every address: the portal at /, the desk under /desk/, the API under /api/v1/, the admin under /admin/."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("practice.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("practice.pages.urls")),
    path("", include("practice.notifications.urls")),
    path("", include("clients.urls")),
    path("", include("messaging.urls")),
    path("", include("homework.urls")),
    path("", include("alliance.urls")),
]
handler400 = "practice.pages.errors.bad_request"
handler403 = "practice.pages.errors.forbidden"
handler404 = "practice.pages.errors.not_found"
handler500 = "practice.pages.errors.server_error"
