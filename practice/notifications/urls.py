"""Addresses of the outbox: the link in a mail that stops such mails."""

from django.urls import path

from practice.notifications import views

app_name = "notifications"
urlpatterns = [path("mail/stop/<str:token>/", views.unsubscribe, name="unsubscribe")]
