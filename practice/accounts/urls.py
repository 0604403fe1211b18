"""Addresses of signing in. allauth's own are named one by one: what isn't listed isn't served."""

from allauth.account import views as library
from django.urls import path
from django.views.decorators.http import require_http_methods

from practice.accounts import (
    confirm_views,
    device_views,
    email_views,
    passkey_views,
    reset_views,
    security_views,
    views,
)

page = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", page(library.logout), name="account_logout"),
    path("login/second-factor/", passkey_views.second_step, name="mfa_authenticate"),
    path("login/passkey/", passkey_views.login, name="mfa_login_webauthn"),
    path("link/", views.request_link, name="account_link"),
    path("link/sent/", views.link_sent, name="account_link_sent"),
    path("link/<str:token>/", views.open_link, name="account_link_open"),
    path("password/", reset_views.reset, name="account_reset"),
    path("password/sent/", reset_views.reset_sent, name="account_reset_sent"),
    path("password/<str:uid>/<str:token>/", reset_views.new_password, name="account_new_password"),
    path("second-factor/", security_views.second_factor, name="account_second_factor"),
    path("security/", security_views.security, name="account_security"),
    path("security/email/", email_views.email, name="account_email"),
    path("security/email/sent/", email_views.email_sent, name="account_email_sent"),
    path("security/email/back/", email_views.email_back, name="account_email_back"),
    path("security/email/<str:token>/", email_views.email_open, name="account_email_open"),
    path("security/app/", security_views.app, name="account_app"),
    path("security/app/remove/", security_views.app_remove, name="account_app_remove"),
    path("security/codes/", security_views.codes, name="account_codes"),
    path("security/codes/text/", security_views.codes_text, name="account_codes_text"),
    path("security/codes/kept/", security_views.codes_kept, name="account_codes_kept"),
    path("security/passkeys/add/", passkey_views.add, name="account_passkey_add"),
    path("security/passkeys/<int:pk>/", passkey_views.rename, name="account_passkey"),
    path("security/passkeys/<int:pk>/remove/", passkey_views.remove, name="account_passkey_remove"),
    path("security/devices/<int:pk>/end/", device_views.end_one, name="account_device_end"),
    path("security/devices/end/", device_views.end_others, name="account_devices_end"),
    path("security/confirm/", confirm_views.confirm, name="account_confirm"),
]
