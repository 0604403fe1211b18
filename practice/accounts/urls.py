"""Addresses of signing in. allauth's own are named one by one: what isn't listed isn't served."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
]
