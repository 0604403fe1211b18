"""Addresses of the shell."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from practice.pages import demo_mail, health, me, password

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.live, name="livez"),
    path("healthz", health.healthy, name="healthz"),
    path("desk/me/", me.me, name="me"),
    path("desk/me/password/", password.password, name="password"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/mail/", demo_mail.letters, name="demo-mail"),
        path("demo/mail/<slug:name>/", demo_mail.letter, name="demo-letter"),
    ]
