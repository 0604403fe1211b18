"""Addresses of the shell."""

from django.urls import URLPattern, URLResolver, path

from practice.pages import health

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.live, name="livez"),
    path("healthz", health.healthy, name="healthz"),
]
