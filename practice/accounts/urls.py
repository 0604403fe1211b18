"""Addresses of signing in. allauth's own are named one by one: what isn't listed isn't served."""

from allauth.account import views as library
from allauth.mfa.base import views as second_factors
from django.urls import path
from django.views.decorators.http import require_http_methods

from practice.accounts import confirm_views, security_views, views

page = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", page(library.logout), name="account_logout"),
    path("login/second-factor/", page(second_factors.authenticate), name="mfa_authenticate"),
    path("link/", views.request_link, name="account_link"),
    path("link/sent/", views.link_sent, name="account_link_sent"),
    path("link/<str:token>/", views.open_link, name="account_link_open"),
    path("second-factor/", security_views.second_factor, name="account_second_factor"),
    path("security/", security_views.security, name="account_security"),
    path("security/app/", security_views.app, name="account_app"),
    path("security/app/remove/", security_views.app_remove, name="account_app_remove"),
    path("security/codes/", security_views.codes, name="account_codes"),
    path("security/codes/text/", security_views.codes_text, name="account_codes_text"),
    path("security/codes/kept/", security_views.codes_kept, name="account_codes_kept"),
    path("security/confirm/", confirm_views.confirm, name="account_confirm"),
]
