"""Addresses of the shell."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from practice.pages import csp_report, delivery, demo_mail, health, joining, me, password, people, seating, setting_up

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.live, name="livez"),
    path("healthz", health.healthy, name="healthz"),
    path("csp-report/", csp_report.take, name="csp-report"),
    path("desk/me/", me.me, name="me"),
    path("desk/me/password/", password.password, name="password"),
    path("desk/setup/", setting_up.setup, name="setup"),
    path("desk/practice/", setting_up.details, name="practice"),
    path("desk/practice/mail/", setting_up.mail, name="mail"),
    path("desk/delivery/", delivery.delivery, name="delivery"),
    path("desk/delivery/<int:notification_id>/retry/", delivery.try_again, name="delivery-retry"),
    path("desk/delivery/<int:notification_id>/discard/", delivery.discard, name="delivery-discard"),
    path("desk/people/", people.people, name="people"),
    path("desk/people/invite/", people.invite, name="people-invite"),
    path("desk/people/<int:member_id>/", people.member, name="people-member"),
    path("desk/people/invitations/<int:invitation_id>/again/", people.again, name="people-again"),
    path("desk/people/invitations/<int:invitation_id>/withdraw/", people.withdraw, name="people-withdraw"),
    path("seats/", seating.seats, name="seats"),
    path("join/<str:token>/", joining.join, name="join"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/mail/", demo_mail.letters, name="demo-mail"),
        path("demo/mail/<slug:name>/", demo_mail.letter, name="demo-letter"),
    ]
