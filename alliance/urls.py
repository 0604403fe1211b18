"""The addresses of this room."""

from django.urls import path

from alliance.views import declining
from alliance.views.desk import alliance
from alliance.views.portal import progress

app_name = "alliance"
urlpatterns = [
    path("progress/", progress.progress, name="portal-progress"),
    path("forms/<int:pk>/decline/", declining.portal_decline, name="portal-decline"),
    path("desk/clients/<int:client_id>/alliance/", alliance.tab, name="desk-tab"),
    path("desk/clients/<int:client_id>/forms/", alliance.forms, name="desk-forms"),
    path("desk/ratings/<int:pk>/", alliance.answers, name="desk-answers"),
    path("desk/signals/<int:pk>/useful/", alliance.useful, name="desk-signal-useful"),
    path("desk/own-forms/<int:pk>/decline/", declining.desk_decline, name="desk-decline"),
]
