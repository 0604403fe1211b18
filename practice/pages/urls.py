"""Addresses of the shell."""

from django.urls import URLPattern, URLResolver, path

from practice.pages import health, me, password

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.live, name="livez"),
    path("healthz", health.healthy, name="healthz"),
    path("desk/me/", me.me, name="me"),
    path("desk/me/password/", password.password, name="password"),
]
