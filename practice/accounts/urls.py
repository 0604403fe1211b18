"""Addresses of signing in. allauth's own are named one by one: what isn't listed isn't served."""

from allauth.account import views as library
from django.urls import path
from django.views.decorators.http import require_http_methods

from practice.accounts import views

page = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", page(library.logout), name="account_logout"),
    path("login/code/", page(library.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", page(library.confirm_login_code), name="account_confirm_login_code"),
    path("link/", views.request_link, name="account_link"),
    path("link/sent/", views.link_sent, name="account_link_sent"),
    path("link/<str:token>/", views.open_link, name="account_link_open"),
]
