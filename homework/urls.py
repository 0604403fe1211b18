"""The addresses of this room."""

from django.urls import path

from homework.api.answers import AnswerView
from homework.views import filling
from homework.views.portal import journey

app_name = "homework"
urlpatterns = [
    path("journey/", journey.show, name="portal-journey"),
    path("activities/<int:pk>/", filling.portal_start, name="portal-fill-start"),
    path("activities/<int:pk>/<int:number>/", filling.portal_page, name="portal-fill-page"),
    path("activities/<int:pk>/done/", filling.portal_done, name="portal-fill-done"),
    path("desk/forms/<int:pk>/", filling.desk_start, name="desk-fill-start"),
    path("desk/forms/<int:pk>/<int:number>/", filling.desk_page, name="desk-fill-page"),
    path("desk/forms/<int:pk>/done/", filling.desk_done, name="desk-fill-done"),
    path("api/v1/assignments/<int:pk>/answers/<slug:block>", AnswerView.as_view(), name="api-answer"),
]
